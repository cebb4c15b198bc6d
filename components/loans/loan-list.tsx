'use client'

import { useLinkStatus } from 'next/link'
import { type ReactNode, useState } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { shortPoll } from '#components/live/clients/short-poll.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { useLive } from '#components/live/use-live.ts'
import { type Command, usePageCommands } from '#components/shell/palette/page-commands.ts'
import { PollTrouble, SessionEnded } from '#components/shell/poll-trouble.tsx'
import { usePollShell } from '#components/shell/use-poll-shell.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { NamesakesProvider, PersonName } from '#components/ui/person-name.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { finalLoanStatuses, type WireLoan, type WireLoanList } from '#server/protocol/loans.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { loanTitle, statusNames } from './loan-stages.ts'
import { type LoanFilter, LoanFilters, noFilter } from './officer/loan-filters.tsx'
import { useOlderLoans } from './use-older-loans.ts'

const listEveryMs = 15_000

type LoanListProps = { initial: WireLoanList; viewer: Viewer }

/** The reader's loans, newest first; officers see everyone's, with search and filters. */
export function LoanList({ initial, viewer }: LoanListProps) {
  const [filter, setFilter] = useState(noFilter)
  const officer = viewer.role === 'officer'
  const filtered = filter !== noFilter
  return (
    <section className="page-x pt-8 pb-8">
      <header className="flex min-h-(--control) flex-wrap items-center justify-between gap-4 pb-5">
        <h1 className="type-title">{officer ? 'All loans' : 'Loans'}</h1>
        <div className="flex gap-2">
          {officer && <ButtonLink href="/officer">Loan desk</ButtonLink>}
          {!officer && initial.items.length > 0 && <ApplyLink />}
        </div>
      </header>
      {officer && <LoanFilters onChange={setFilter} />}
      <Loans
        key={JSON.stringify(filter)}
        filter={filter}
        initial={filtered ? undefined : initial}
        viewer={viewer}
        empty={filtered ? <NothingFound /> : officer ? <NoApplications /> : <Empty />}
      />
    </section>
  )
}

/** The loans that match: the newest are polled, older ones loaded on request. */
function Loans({
  filter,
  initial,
  viewer,
  empty,
}: {
  filter: LoanFilter
  initial: WireLoanList | undefined
  viewer: Viewer
  empty: ReactNode
}) {
  const query = new URLSearchParams(filter).toString()
  const poll = useLive<WireLoanList>(
    { url: query ? `/api/loans?${query}` : '/api/loans' },
    { client: shortPoll, everyMs: listEveryMs, initial, fetch: pageRecorder.fetch },
  )
  useBellNews('loans', poll.tryNow)
  const newest = poll.value ?? initial
  const older = useOlderLoans(newest?.nextBefore ?? null, filter)
  usePollShell(poll, 'short')
  const loans = onceEach([...(newest?.items ?? []), ...older.items])
  usePageCommands(() => [
    { group: 'This page', title: 'Check now', words: 'poll refresh', run: poll.tryNow },
    ...loans.map(
      (loan): Command => ({
        group: 'Loans',
        title: `${loan.id} · ${loanTitle(loan)}`,
        words: `${loan.applicant.name} ${statusNames[loan.status]}`,
        href: `/loans/${loan.id}`,
      }),
    ),
  ])

  if (poll.state === 'signed-out') return <SessionEnded mode="short" back="/loans" />
  return (
    <>
      {poll.lastError && <PollTrouble poll={poll} mode="short" what="The list" />}
      {!newest && !poll.lastError && (
        <p className="border-t border-line-strong py-4">
          <PendingDashes />
        </p>
      )}
      {newest && loans.length === 0 && empty}
      {loans.length > 0 && (
        <NamesakesProvider people={loans.map(({ applicant }) => applicant)}>
          <ul aria-label="Loans" className="border-t border-line-strong">
            {loans.map((loan) => (
              <LoanRow key={loan.id} loan={loan} mine={loan.applicant.id === viewer.id} />
            ))}
          </ul>
        </NamesakesProvider>
      )}
      {older.trouble && (
        <Notice danger className="mt-4">
          {older.trouble === 'unanswered'
            ? 'No response from the server.'
            : (older.trouble.detail ?? older.trouble.title)}
        </Notice>
      )}
      {older.more && (
        <Button className="mt-5" pending={older.fetching} onClick={older.showMore}>
          Show older loans
        </Button>
      )}
    </>
  )
}

function NothingFound() {
  return <p className="border-t border-line-strong py-4 text-ui text-ink-2">No loans match.</p>
}

function NoApplications() {
  return (
    <p className="border-t border-line-strong py-4 text-ui text-ink-2">
      No one has applied for a loan yet. Applications waiting for a decision appear on the loan desk.
    </p>
  )
}

function Empty() {
  return (
    <div className="border-t border-line-strong pt-12">
      <StateBlock
        drawing={<LaneDrawing kind="short" look="beating" />}
        title="No loans yet"
        actions={<ApplyLink />}
      >
        Applying takes a minute. The page then polls the loan’s status at the interval the server suggests,
        and shows you every request.
      </StateBlock>
    </div>
  )
}

function ApplyLink() {
  return (
    <ButtonLink look="primary" href="/loans/new">
      Apply for a loan
    </ButtonLink>
  )
}

/** A new loan pushes the last of the newest page over to the older ones, which may already contain it. */
function onceEach(loans: WireLoan[]): WireLoan[] {
  return [...new Map(loans.toReversed().map((loan) => [loan.id, loan])).values()].toReversed()
}

/** One loan in the list: when, what, its status, and its id. */
function LoanRow({ loan, mine }: { loan: WireLoan; mine: boolean }) {
  return (
    <li className="relative grid grid-cols-[var(--clock)_1fr_auto] items-baseline gap-x-3 border-b border-line py-3 last:border-0 hover:bg-hover md:grid-cols-[var(--clock)_1fr_148px_112px]">
      <Time at={loan.createdAt} style="date" phone="day" className="text-ink-2" />
      <div className="min-w-0">
        <HoverLink
          href={`/loans/${loan.id}`}
          className="type-section block truncate after:absolute after:inset-0"
        >
          {loanTitle(loan)} <OnItsWay />
        </HoverLink>
        <p className="text-ui text-ink-2">
          {!mine && (
            <>
              <PersonName person={loan.applicant} />,{' '}
            </>
          )}
          {loan.termMonths} months at {formatMoney(loan.instalmentMinor, loan.currency)}
        </p>
      </div>
      <LoanStatusWord loan={loan} />
      <span className="type-axis text-right text-ink-3 max-md:hidden">{loan.id}</span>
    </li>
  )
}

/** The loan's status; while it is being repaid, the amount owed. */
function LoanStatusWord({ loan: { status, outstandingMinor, currency } }: { loan: WireLoan }) {
  const owed = status === 'paid-out' && outstandingMinor > 0
  const settled = finalLoanStatuses.includes(status) && !owed
  const look = status === 'failed' ? 'font-semibold text-danger' : settled ? 'text-ink-2' : 'font-semibold'
  const word = status === 'paid-out' ? 'Repaid' : statusNames[status]
  return (
    <span className={`text-ui whitespace-nowrap ${look}`}>
      {owed ? `${formatMoney(outstandingMinor, currency)} owed` : word}
    </span>
  )
}

/** Marks the clicked row until its page has loaded. */
function OnItsWay() {
  const { pending } = useLinkStatus()
  return (
    pending && (
      <span className="ml-2 inline-block align-middle">
        <PendingDashes />
      </span>
    )
  )
}
