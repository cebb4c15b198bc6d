'use client'

import { useState } from 'react'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { loanTitle } from '#components/loans/loan-stages.ts'
import { Button } from '#components/ui/button.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import type { Decision } from '#server/protocol/loans-schemas.ts'
import type { Viewer } from '#server/protocol/people.ts'

const choices: Partial<Record<LoanStatus, readonly { decision: Decision['decision']; label: string }[]>> = {
  'under-review': [
    { decision: 'approve', label: 'Approve' },
    { decision: 'decline', label: 'Decline' },
  ],
  failed: [{ decision: 'retry', label: 'Retry' }],
}

type CaseButtonsProps = {
  loan: WireLoan
  viewer: Viewer
  onChoose: (decision: Decision['decision']) => void
  /** The case has changed hands, here or elsewhere: the page is out of date. */
  onMoved: () => void
}

/** An officer's actions on a case: decide it unless another has taken it, take it, give it back. */
export function CaseButtons({ loan, viewer, onChoose, onMoved }: CaseButtonsProps) {
  const { pending, change } = useCase(loan, onMoved)
  const named = (label: string) => `${label} ${loanTitle(loan)}, ${personLabel(loan.applicant)}`
  const decisions = choices[loan.status] ?? []
  if (decisions.length === 0 || loan.applicant.id === viewer.id) return null
  const another = loan.officer && loan.officer.id !== viewer.id
  return (
    <>
      {!another &&
        decisions.map(({ decision, label }) => (
          <Button key={decision} aria-label={named(label)} onClick={() => onChoose(decision)}>
            {label}
          </Button>
        ))}
      {loan.officer ? (
        <Button
          look="quiet"
          aria-label={named('Release case')}
          pending={pending}
          onClick={() => change('DELETE')}
        >
          Release case
        </Button>
      ) : (
        <Button look="quiet" aria-label={named('Take case')} pending={pending} onClick={() => change('PUT')}>
          Take case
        </Button>
      )}
    </>
  )
}

function useCase(loan: WireLoan, onMoved: () => void) {
  const [pending, setPending] = useState(false)
  const change = async (method: 'PUT' | 'DELETE') => {
    if (pending) return
    setPending(true)
    const sent = await sendJson<WireLoan>(
      pageRecorder.fetch,
      `/api/loans/${loan.id}/case`,
      undefined,
      undefined,
      method,
    )
    setPending(false)
    if (sent.state === 'refused') {
      showToast({ title: sent.problem.detail ?? sent.problem.title, text: loanTitle(loan), danger: true })
    } else if (sent.state !== 'done') {
      showToast({ title: 'Not confirmed.', text: unansweredWords(sent), danger: true })
    }
    onMoved()
  }
  return { pending, change }
}
