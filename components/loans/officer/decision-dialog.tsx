'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { loanTitle, statusNames } from '#components/loans/loan-stages.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { TextArea } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PersonName } from '#components/ui/person-name.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { type Decision, decisionSchema } from '#server/protocol/loans-schemas.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { Assessment } from './assessment.tsx'

const words = {
  approve: { title: 'Approve', verb: 'Approve', done: 'Approved.' },
  decline: { title: 'Decline', verb: 'Decline', done: 'Declined.' },
  retry: { title: 'Retry payout', verb: 'Retry', done: 'Retrying the payout.' },
} as const satisfies Record<Decision['decision'], { title: string; verb: string; done: string }>

type DecisionDialogProps = {
  loan: WireLoan
  decision: Decision['decision']
  /** The page already shows the assessment. */
  assessed?: boolean
  onClose: () => void
  /** The loan was changed, by this officer or another: the desk is out of date. */
  onMoved: () => void
}

/** Decides, with a note that the borrower will read. Reports when somebody else has decided first. */
export function DecisionDialog({ loan, decision, assessed, onClose, onMoved }: DecisionDialogProps) {
  const [note, setNote] = useState('')
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const formId = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  // A modal dialog focuses its first button when it opens; here the note comes first.
  useEffect(() => field.current?.focus(), [])
  const { title, verb, done } = words[decision]
  const body = { decision, ...(note.trim() && { note }) }
  const wrong = decisionSchema.safeParse(body).error?.issues[0]?.message
  const tooLate = trouble?.state === 'refused' && slugOf(trouble.problem) === 'invalid-state'

  const decide = async (event: FormEvent) => {
    event.preventDefault()
    if (sending || wrong) return
    setSending(true)
    const sent = await sendJson<WireLoan>(pageRecorder.fetch, `/api/loans/${loan.id}/decision`, body)
    setSending(false)
    if (sent.state !== 'done') {
      setTrouble(sent)
      if (sent.state === 'refused') onMoved()
      return
    }
    showToast({ title: done, text: loanTitle(loan), action: { label: 'View', href: `/loans/${loan.id}` } })
    onMoved()
    onClose()
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        tooLate ? (
          <Button look="primary" onClick={onClose}>
            {assessed ? 'Back to the loan' : 'Back to loan desk'}
          </Button>
        ) : (
          <>
            <Button look="quiet" onClick={onClose}>
              Cancel
            </Button>
            <Button
              look={decision === 'decline' ? 'danger' : 'primary'}
              type="submit"
              form={formId}
              pending={sending}
            >
              {verb}
            </Button>
          </>
        )
      }
    >
      <Form id={formId} onSubmit={decide} noValidate className="space-y-4">
        <p>
          {loanTitle(loan)}, <PersonName person={loan.applicant} />. {statusNames[loan.status]}.
        </p>
        {!tooLate && !assessed && decision !== 'retry' && <Assessment loan={loan} />}
        {!tooLate && (
          <TextArea
            label="Note to the borrower"
            hint="Optional. Shown in their timeline."
            ref={field}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            error={wrong}
          />
        )}
        {tooLate && trouble.state === 'refused' ? (
          <Notice danger>
            <strong className="font-semibold">
              {trouble.problem.state === loan.status ? 'Not yours to decide.' : 'Already decided.'}
            </strong>{' '}
            {trouble.problem.detail}
          </Notice>
        ) : (
          trouble && <Trouble trouble={trouble} />
        )}
      </Form>
    </Dialog>
  )
}

/** A decision has no key: if its response was lost, the desk shows whether the loan has changed. */
function Trouble({ trouble }: { trouble: Unsent }) {
  if (trouble.state === 'refused') return <SendTrouble trouble={trouble} />
  return (
    <Notice danger>
      <strong className="font-semibold">Not confirmed.</strong> {unansweredWords(trouble)} If the loan leaves
      the list, your decision went through. If it stays, decide again.
    </Notice>
  )
}
