'use client'

import { useState } from 'react'
import { sendJson } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { loanTitle } from './loan-stages.ts'

type WithdrawDialogProps = { loan: WireLoan; onClose: () => void; onMoved: () => void }

/** Withdraws an application after confirmation. */
export function WithdrawDialog({ loan, onClose, onMoved }: WithdrawDialogProps) {
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()

  const withdraw = async () => {
    if (sending) return
    setSending(true)
    const sent = await sendJson<WireLoan>(pageRecorder.fetch, `/api/loans/${loan.id}/withdrawal`)
    setSending(false)
    if (sent.state !== 'done') {
      setTrouble(sent)
      if (sent.state === 'refused') onMoved()
      return
    }
    showToast({ title: 'Application withdrawn.', text: loanTitle(loan) })
    onMoved()
    onClose()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Withdraw this application?"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" pending={sending} onClick={withdraw}>
            Withdraw
          </Button>
        </>
      }
    >
      <p>{loanTitle(loan)}. Withdrawing is final. You can apply again at any time.</p>
      {trouble && <SendTrouble trouble={trouble} />}
    </Dialog>
  )
}
