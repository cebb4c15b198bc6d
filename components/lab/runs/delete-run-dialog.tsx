'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { ListedRun } from '#server/protocol/lab-runs.ts'
import { deleteRun, whyNot } from './run-orders.ts'
import { runTitle } from './run-words.ts'

type DeleteRunDialogProps = { run: ListedRun; onClose: () => void; onDeleted: () => void }

/** Asks before a run and its report are gone for good. */
export function DeleteRunDialog({ run, onClose, onDeleted }: DeleteRunDialogProps) {
  const [sending, setSending] = useState(false)
  const [why, setWhy] = useState<string>()
  const send = async () => {
    setSending(true)
    const sent = await deleteRun(run.id)
    setSending(false)
    if (sent.state === 'done') onDeleted()
    else setWhy(whyNot(sent))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete run ${run.number}?`}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" pending={sending} onClick={send}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        “{runTitle(run)}” and its report are gone for good, and links to it lead nowhere. Its files, where you
        have saved them, stay.
      </p>
      {why && (
        <Notice danger className="mt-4">
          {why}
        </Notice>
      )}
    </Dialog>
  )
}
