'use client'
import { useState } from 'react'
import { useBellNews } from '#components/live/use-bell-news.ts'
import { type Poll, usePoll } from '#components/live/use-poll.ts'
import { PollTrouble, SessionEnded } from '#components/loans/poll-trouble.tsx'
import { usePollShell } from '#components/loans/use-poll-shell.ts'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type {
  Decision,
  LoanStatus,
  WireAlertList,
  WireLoan,
  WireLoanList,
} from '#server/protocol/protocol.ts'
import { DecisionDialog } from './decision-dialog.tsx'
import { DeskList } from './desk-list.tsx'
import { TellEverybody } from './tell-everybody.tsx'

const deskEveryMs = 10_000

type Choosing = { loan: WireLoan; decision: Decision['decision'] }

type OfficerDeskProps = { review: WireLoanList; failed: WireLoanList; alerts: WireAlertList }

/** What waits for an officer: applications under review, and payouts that failed; and the way to tell everybody. All are polled. */
export function OfficerDesk({ review, failed, alerts }: OfficerDeskProps) {
  const reviewPoll = usePile('under-review', review)
  const failedPoll = usePile('failed', failed)
  const [choosing, setChoosing] = useState<Choosing>()
  const [moved, setMoved] = useState<ReadonlySet<string>>(new Set())
  usePollShell(reviewPoll, 'short')

  const choose = (loan: WireLoan, decision: Decision['decision']) => setChoosing({ loan, decision })
  const askBoth = () => {
    reviewPoll.askNow()
    failedPoll.askNow()
  }
  const takeOff = ({ id }: WireLoan) => {
    setMoved((before) => new Set(before).add(id))
    askBoth()
  }
  useBellNews('loans', askBoth)
  const piles = { review: reviewPoll.value ?? review, failed: failedPoll.value ?? failed }
  const applicants = [...piles.review.items, ...piles.failed.items].map(({ applicant }) => applicant)
  if (reviewPoll.state === 'signed-out') return <SessionEnded mode="short" back="/officer" />
  return (
    <section className="page-x pt-8 pb-8">
      <h1 className="type-title">Loan desk</h1>
      <p className="mt-1 text-ui text-ink-2">Decide, and the borrower sees it with the next poll.</p>
      {reviewPoll.lastError && <PollTrouble poll={reviewPoll} mode="short" what="The desk" />}
      <NamesakesProvider people={applicants}>
        <DeskList
          title="Under review"
          empty="Nothing waits for a decision."
          status="under-review"
          list={piles.review}
          moved={moved}
          choices={[
            { decision: 'approve', label: 'Approve' },
            { decision: 'decline', label: 'Decline' },
          ]}
          onChoose={choose}
        />
        <DeskList
          title="Failed payouts"
          empty="No payout has failed."
          status="failed"
          list={piles.failed}
          moved={moved}
          choices={[{ decision: 'retry', label: 'Try again' }]}
          onChoose={choose}
        />
        {choosing && (
          <DecisionDialog
            {...choosing}
            onClose={() => setChoosing(undefined)}
            onMoved={() => takeOff(choosing.loan)}
          />
        )}
      </NamesakesProvider>
      <TellEverybody initial={alerts} />
    </section>
  )
}

function usePile(status: LoanStatus, initial: WireLoanList): Poll<WireLoanList> {
  const subject = { url: `/api/loans?status=${status}` }
  return usePoll<WireLoanList>(subject, {
    mode: 'short',
    everyMs: deskEveryMs,
    initial,
    fetch: pageRecorder.fetch,
  })
}
