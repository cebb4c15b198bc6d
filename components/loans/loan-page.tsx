'use client'

import dynamic from 'next/dynamic'
import Link from 'next/link'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { tabStorage } from '#components/live/browser-features.ts'
import { tellNews } from '#components/live/cross-check.ts'
import { serverLagMs } from '#components/live/server-clock.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { type Mode, polls, useLive } from '#components/live/use-live.ts'
import { usePageCommands } from '#components/shell/palette/page-commands.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { PollTrouble, SessionEnded } from '#components/shell/poll-trouble.tsx'
import { usePollShell } from '#components/shell/use-poll-shell.ts'
import { Button } from '#components/ui/button.tsx'
import { formatAge, formatMoney } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { type WireLoan, withdrawableLoanStatuses } from '#server/protocol/loans.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { loanStages, loanTitle, statusNames, type TimelineLine } from './loan-stages.ts'
import { NextPoll } from './next-poll.tsx'
import { Payments } from './payments.tsx'
import { Repayment } from './repayment.tsx'
import { noteSeen, type SeenTimes } from './seen-times.ts'
import { Timeline, TimelineStage } from './timeline.tsx'
import { WithdrawDialog } from './withdraw-dialog.tsx'

// Borrowers never need it.
const OfficerView = dynamic(() => import('./officer/officer-view.tsx').then((file) => file.OfficerView))

type LoanPageProps = { initial: WireLoan; viewer: Viewer; demo: boolean }

/** One loan, polled: its terms, what is owed, when the next poll is due, and its history. */
export function LoanPage({ initial, viewer, demo }: LoanPageProps) {
  const [mode, setMode] = useState<Mode>('short')
  const path = `/loans/${initial.id}`
  const known = useRef(initial.cursor)
  const poll = useLive<WireLoan>(
    { url: `/api${path}` },
    {
      ...{ client: polls[mode], initial, fetch: pageRecorder.fetch },
      onChange({ cursor }) {
        if (cursor !== known.current) tellNews('page', ['me'])
        known.current = cursor
      },
    },
  )
  useBellNews(`loan:${initial.id}`, poll.tryNow)
  const loan = poll.value ?? initial
  const mine = loan.applicant.id === viewer.id
  usePollShell(poll, mode, loan.cursor)
  const other = mode === 'short' ? 'long' : 'short'
  usePageCommands(() => [
    { group: 'This page', title: 'Check now', words: 'poll refresh', run: poll.tryNow },
    { group: 'This page', title: `Switch to ${other} polling`, run: () => setMode(other) },
  ])

  if (poll.state === 'signed-out') return <SessionEnded mode={mode} back={path} />
  return (
    <>
      <PhoneTitle back="/loans" backLabel="Loans" title={loan.id} />
      <article className="page-x">
        <p className="type-label pt-5 max-md:hidden">
          <Link href="/loans" className="hover:text-ink">
            Loans
          </Link>{' '}
          / <span className="type-data">{loan.id}</span>
        </p>
        <h1 className="type-title mt-1 break-words max-md:mt-5">{loanTitle(loan)}</h1>
        <LoanFacts loan={loan} />
        {poll.lastError && <PollTrouble poll={poll} mode={mode} what="The loan" />}
        <Repayment loan={loan} mine={mine} demo={demo} onPaid={poll.tryNow} />
        {viewer.role === 'officer' && !mine && (
          <OfficerView loan={loan} viewer={viewer} onMoved={poll.tryNow} />
        )}
        <NextPoll poll={poll} mode={mode} onMode={setMode} />
        <LoanTimeline loan={loan} mode={mode} mine={mine} />
        <Payments loan={loan} />
        {mine && withdrawableLoanStatuses.includes(loan.status) && (
          <Withdraw loan={loan} onMoved={poll.tryNow} />
        )}
      </article>
    </>
  )
}

/** Withdraws an application not yet decided. */
function Withdraw({ loan, onMoved }: { loan: WireLoan; onMoved: () => void }) {
  const [asked, setAsked] = useState(false)
  return (
    <div className="mt-8 border-t border-line pt-4">
      <Button onClick={() => setAsked(true)}>Withdraw application</Button>
      {asked && <WithdrawDialog loan={loan} onClose={() => setAsked(false)} onMoved={onMoved} />}
    </div>
  )
}

/** A loan's terms; one line on phones. */
function LoanFacts({ loan }: { loan: WireLoan }) {
  const { status, termMonths, instalmentMinor, currency, createdAt } = loan
  const instalment = formatMoney(instalmentMinor, currency)
  return (
    <>
      <dl className="mt-6 flex border-y border-line-strong max-md:hidden">
        <Fact name="Status">
          <strong className="type-title">{statusNames[status]}</strong>
        </Fact>
        <Fact name="Term">{termMonths} months</Fact>
        <Fact name="Instalment">{instalment}</Fact>
        <Fact name="Applied">
          <Time at={createdAt} style="date" className="font-sans text-body leading-6" />
        </Fact>
      </dl>
      <div className="mt-2 flex items-baseline justify-between gap-4 border-b border-line-strong pb-4 md:hidden">
        <strong className="type-title">{statusNames[status]}</strong>
        <span className="text-ink-2">
          {termMonths} months · {instalment}
        </span>
      </div>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex-1 border-l border-line py-3 pl-4 first:border-0 first:pl-0">
      <dt className="type-label">{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The loan's events, when each happened, and when this tab saw it: the difference is the cost of polling. */
function LoanTimeline({ loan, mode, mine }: { loan: WireLoan; mode: Mode; mine: boolean }) {
  const lines = loanStages(loan)
  const happened = lines.filter(({ at }) => at !== undefined)
  const seen = useSeenTimes(
    loan.id,
    happened.map(({ key }) => key),
  )
  return (
    <section aria-label="Progress" className="mt-6">
      <SectionHead title="Progress" note="time of the event, and when you saw it" />
      <Timeline label="Stages of the loan">
        {lines.map((line) => (
          <TimelineStage
            key={line.key}
            state={line.state}
            title={line.title}
            at={line.at}
            kind={mode}
            side={<Seen line={line} seenAtMs={seen[line.key]} sent={mine && line === lines[0]} />}
          >
            {mine || line.state === 'to-come' ? line.text : undefined}
            {line.note && (
              <p className={line.state === 'failed' ? 'text-danger' : 'text-ink'}>“{line.note}”</p>
            )}
          </TimelineStage>
        ))}
      </Timeline>
      <p className="sr-only" role="status">
        {`Status: ${happened.at(-1)?.title}`}
      </p>
    </section>
  )
}

/** When this tab saw a line; recorded by its own clock, shown by the server's, like the events themselves. */
function Seen({
  line,
  seenAtMs,
  sent,
}: {
  line: TimelineLine
  seenAtMs: number | null | undefined
  sent: boolean
}) {
  if (line.at === undefined || seenAtMs == null) return null
  const seenMs = seenAtMs - serverLagMs()
  const lateMs = seenMs - Date.parse(line.at)
  return (
    <>
      <span className="block text-ink max-md:mr-2 max-md:inline">
        seen <Time at={seenMs} />
      </span>
      <span className="text-ink-3">{sent && lateMs < 2_000 ? 'when you sent it' : lateness(lateMs)}</span>
    </>
  )
}

/** The times come from the server's and the browser's clocks, so differences under a second are not shown. */
function lateness(lateMs: number): string {
  return lateMs < 1_000 ? 'immediately' : `${formatAge(lateMs)} later`
}

/** When this tab first saw each of the lines `keys`; empty until the browser has run. */
function useSeenTimes(loanId: string, keys: readonly string[]): SeenTimes {
  const [seen, setSeen] = useState<SeenTimes>({})
  const joined = keys.join(' ')
  useEffect(() => {
    setSeen(noteSeen(tabStorage, loanId, joined.split(' '), Date.now()))
  }, [loanId, joined])
  return seen
}
