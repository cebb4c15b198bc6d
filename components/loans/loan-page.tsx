'use client'

import Link from 'next/link'
import { type ReactNode, useRef, useState } from 'react'
import { tellNews } from '#components/live/news.ts'
import type { Mode } from '#components/live/poll-step.ts'
import { useBellNews } from '#components/live/use-bell-news.ts'
import { usePoll } from '#components/live/use-poll.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Viewer, WireLoan } from '#server/protocol/protocol.ts'
import { LoanTimeline } from './loan-timeline.tsx'
import { loanTitle, statusNames } from './loan-words.ts'
import { NextAsk } from './next-ask.tsx'
import { Payments } from './payments.tsx'
import { PollTrouble, SessionEnded } from './poll-trouble.tsx'
import { usePollShell } from './use-poll-shell.ts'

type LoanPageProps = { initial: WireLoan; viewer: Viewer; demo: boolean }

/** One loan, polled: what it is, when the page asks next, what happened to it, and its repayment. */
export function LoanPage({ initial, viewer, demo }: LoanPageProps) {
  const [mode, setMode] = useState<Mode>('short')
  const path = `/loans/${initial.id}`
  const known = useRef(initial.cursor)
  const poll = usePoll<WireLoan>(
    { url: `/api${path}` },
    {
      ...{ mode, initial, fetch: pageRecorder.fetch },
      onNews({ cursor }) {
        if (cursor !== known.current) tellNews('page', ['me'])
        known.current = cursor
      },
    },
  )
  useBellNews(`loan:${initial.id}`, poll.askNow)
  const loan = poll.value ?? initial
  const mine = loan.applicant.id === viewer.id
  usePollShell(poll, mode, loan.cursor)

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
        <NextAsk poll={poll} mode={mode} onMode={setMode} />
        <Payments loan={loan} mine={mine} demo={demo} onPaid={poll.askNow} />
        <LoanTimeline loan={loan} mode={mode} mine={mine} />
      </article>
    </>
  )
}

/** The four facts of a loan; one line on phones. */
function LoanFacts({ loan }: { loan: WireLoan }) {
  const { status, termMonths, instalmentMinor, currency, createdAt } = loan
  const instalment = formatMoney(instalmentMinor, currency)
  return (
    <>
      <dl className="mt-6 flex border-y border-line-strong max-md:hidden">
        <Fact name="Status">
          <strong className="font-semibold">{statusNames[status]}</strong>
        </Fact>
        <Fact name="Term">{termMonths} months</Fact>
        <Fact name="Instalment">{instalment}</Fact>
        <Fact name="Applied">
          <Time at={createdAt} style="date" className="font-sans text-body leading-6" />
        </Fact>
      </dl>
      <div className="mt-2 flex items-baseline justify-between gap-4 border-b border-line-strong pb-4 md:hidden">
        <strong className="font-semibold">{statusNames[status]}</strong>
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
