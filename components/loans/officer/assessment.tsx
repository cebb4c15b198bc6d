'use client'

import Link from 'next/link'
import { useEffect, useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { loanTitle, statusNames } from '#components/loans/loan-stages.ts'
import { Button } from '#components/ui/button.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireAssessment, WireLoan } from '#server/protocol/loans.ts'

/** The basis of an officer's decision: the income, the score with its reasons, and the applicant's earlier loans. */
export function Assessment({ loan }: { loan: WireLoan }) {
  const [attempt, setAttempt] = useState(0)
  return <Attempt key={attempt} loan={loan} onRetry={() => setAttempt(attempt + 1)} />
}

function Attempt({ loan, onRetry }: { loan: WireLoan; onRetry: () => void }) {
  const { assessment, failed } = useAssessment(loan.id)
  if (failed) {
    return (
      <p className="flex items-center justify-between gap-4 text-ui text-ink-2">
        The assessment couldn’t be loaded. <Button onClick={onRetry}>Try again</Button>
      </p>
    )
  }
  return (
    <section aria-label="Assessment" aria-busy={!assessment} className="border-y border-line py-3">
      <dl className="flex gap-8">
        <div>
          <dt className="type-label">Score</dt>
          <dd className="type-section text-ink">
            {assessment ? `${assessment.score}/100` : <PendingDashes />}
          </dd>
        </div>
        <div>
          <dt className="type-label">Monthly income</dt>
          <dd className="type-section text-ink">
            {loan.incomeMinor === undefined ? 'Not stated' : formatMoney(loan.incomeMinor, loan.currency)}
          </dd>
        </div>
      </dl>
      {assessment && <Reasons reasons={assessment.reasons} />}
      {assessment && <History loans={assessment.history.loans} />}
    </section>
  )
}

function Reasons({ reasons }: Pick<WireAssessment, 'reasons'>) {
  return (
    <ul aria-label="Reasons" className="mt-3 text-ui">
      {reasons.map(({ points, text }) => (
        <li key={text} className="grid grid-cols-[3.5rem_1fr] items-baseline">
          <span className="type-data">{points > 0 ? `+${points}` : `−${-points}`}</span>
          {text}
        </li>
      ))}
    </ul>
  )
}

function History({ loans }: Pick<WireAssessment['history'], 'loans'>) {
  if (loans.length === 0) return <p className="mt-3 text-ui text-ink-2">No other loans.</p>
  return (
    <>
      <h3 className="type-label mt-3">Other loans</h3>
      <ul aria-label="Other loans" className="max-h-40 overflow-y-auto text-ui">
        {loans.map((past) => (
          <li key={past.id} className="flex items-baseline gap-3 py-0.5">
            <Time at={past.createdAt} style="date" className="text-ink-2" />
            <Link href={`/loans/${past.id}`} className="min-w-0 flex-1 truncate hover:underline">
              {loanTitle(past)}
            </Link>
            <span className="text-ink-2">{statusNames[past.status]}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function useAssessment(loanId: string) {
  const [assessment, setAssessment] = useState<WireAssessment>()
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    const left = new AbortController()
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    void request<WireAssessment>({ url: `/api/loans/${loanId}/assessment` }, 0, wire, left.signal).then(
      (answer) => {
        if (left.signal.aborted) return
        if (answer.type === 'changed') setAssessment(answer.value)
        else setFailed(true)
      },
    )
    return () => left.abort()
  }, [loanId])
  return { assessment, failed }
}
