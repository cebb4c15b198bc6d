'use client'

import { type FormEvent, useEffect, useState } from 'react'
import { shortPoll } from '#components/live/clients/short-poll.ts'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { type Live, useLive } from '#components/live/use-live.ts'
import { usePageCommands } from '#components/shell/palette/page-commands.ts'
import { PollTrouble, SessionEnded } from '#components/shell/poll-trouble.tsx'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { usePollShell } from '#components/shell/use-poll-shell.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Field, TextArea } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { formatCount } from '#components/ui/format.ts'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { Time } from '#components/ui/time.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { LoanStatus, WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import type { Decision } from '#server/protocol/loans-schemas.ts'
import type { WireAlert, WireAlertList } from '#server/protocol/notifications.ts'
import { alertSchema } from '#server/protocol/notifications-schemas.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { DecisionDialog } from './decision-dialog.tsx'
import { DeskList } from './desk-list.tsx'

const deskEveryMs = 10_000

type Choosing = { loan: WireLoan; decision: Decision['decision'] }

type OfficerDeskProps = { viewer: Viewer; review: WireLoanList; failed: WireLoanList; alerts: WireAlertList }

/**
 * Cases waiting for an officer: applications under review, failed payouts, and the form for system alerts. All are
 * polled.
 */
export function OfficerDesk({ viewer, review, failed, alerts }: OfficerDeskProps) {
  const reviewPoll = usePile('under-review', review)
  const failedPoll = usePile('failed', failed)
  const [choosing, setChoosing] = useState<Choosing>()
  const [moved, setMoved] = useState<ReadonlySet<string>>(new Set())
  usePollShell(reviewPoll, 'short')

  const choose = (loan: WireLoan, decision: Decision['decision']) => setChoosing({ loan, decision })
  const askBoth = () => {
    reviewPoll.tryNow()
    failedPoll.tryNow()
  }
  const takeOff = ({ id }: WireLoan) => {
    setMoved((before) => new Set(before).add(id))
    askBoth()
  }
  useBellNews('loans', askBoth)
  usePageCommands(() => [
    { group: 'This page', title: 'Check now', words: 'poll refresh', run: askBoth },
    { group: 'Go to', title: 'All loans', href: '/loans' },
  ])
  const piles = { review: reviewPoll.value ?? review, failed: failedPoll.value ?? failed }
  const applicants = [...piles.review.items, ...piles.failed.items].map(({ applicant }) => applicant)
  if (reviewPoll.state === 'signed-out') return <SessionEnded mode="short" back="/officer" />
  return (
    <section className="page-x pt-8 pb-8">
      <header className="flex min-h-(--control) flex-wrap items-center justify-between gap-4">
        <h1 className="type-title">Loan desk</h1>
        <ButtonLink href="/loans">All loans</ButtonLink>
      </header>
      <p className="mt-1 text-ui text-ink-2">Borrowers see your decision with their next poll.</p>
      {reviewPoll.lastError && <PollTrouble poll={reviewPoll} mode="short" what="The desk" />}
      <NamesakesProvider people={applicants}>
        <DeskList
          viewer={viewer}
          title="Under review"
          empty="No loans are waiting for a decision."
          status="under-review"
          list={piles.review}
          moved={moved}
          onMoved={askBoth}
          onChoose={choose}
        />
        <DeskList
          viewer={viewer}
          title="Failed payouts"
          empty="No failed payouts."
          status="failed"
          list={piles.failed}
          moved={moved}
          onMoved={askBoth}
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

function usePile(status: LoanStatus, initial: WireLoanList): Live<WireLoanList> {
  const subject = { url: `/api/loans?status=${status}` }
  return useLive<WireLoanList>(subject, {
    client: shortPoll,
    everyMs: deskEveryMs,
    initial,
    fetch: pageRecorder.fetch,
  })
}

const underWayEveryMs = 1_000
const quietEveryMs = 30_000

/** System alerts: the form to send one to everyone, and the progress of the latest. */
function TellEverybody({ initial }: { initial: WireAlertList }) {
  const { value, tryNow } = useLive<WireAlertList>(
    { url: '/api/alerts' },
    { client: shortPoll, everyMs: quietEveryMs, initial, fetch: pageRecorder.fetch },
  )
  useBellNews('alerts', tryNow)
  const { items } = value ?? initial
  const underWay = items.some(({ done }) => !done)
  useEffect(() => {
    if (!underWay) return
    const timer = setInterval(tryNow, underWayEveryMs)
    return () => clearInterval(timer)
  }, [underWay, tryNow])
  return (
    <section aria-label="System alerts" className="mt-7">
      <SectionHead title="Send an alert" note="notifies every user" />
      <AlertForm onSent={tryNow} />
      {items.length > 0 && (
        <ul aria-label="Alerts" className="mt-4 border-t border-line">
          {items.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** One alert: when, what, and how many it has reached. */
function AlertRow({ alert: { at, title, body, sent, done } }: { alert: WireAlert }) {
  const people = `${formatCount(sent)} ${sent === 1 ? 'person' : 'people'}`
  return (
    <li className="grid grid-cols-[var(--clock)_minmax(0,1fr)] gap-x-3 gap-y-1 border-b border-line py-3 last:border-0 @2xl:grid-cols-[var(--clock)_minmax(0,1fr)_auto]">
      <Time at={at} style="full" phone="day" className="pt-0.5 text-ink-2" />
      <div className="min-w-0">
        <h3 className="type-section wrap-anywhere">{title}</h3>
        <p className="text-ui whitespace-pre-wrap text-ink-2 wrap-anywhere">{body}</p>
      </div>
      <span className="type-data inline-flex items-center gap-2 text-ink-2 @max-2xl:col-start-2">
        {!done && <PendingDashes />}
        {done ? `sent to ${people}` : `sent to ${people} so far`}
      </span>
    </li>
  )
}

const blank = { title: '', body: '' }

/** Writes an alert. One key each: submitted twice, or resent after a cut connection, it reaches everyone once. */
function AlertForm({ onSent }: { onSent: () => void }) {
  const [alert, setAlert] = useState(blank)
  const [key, setKey] = useState(newKey)
  const [touched, setTouched] = useState(false)
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const issues = alertSchema.safeParse(alert).error?.issues ?? []
  const wrong = (field: keyof typeof blank) =>
    touched ? issues.find(({ path }) => path[0] === field)?.message : undefined

  const change = (changed: Partial<typeof blank>) => {
    setAlert({ ...alert, ...changed })
    if (!trouble) return
    // Edited text is a new alert.
    setTrouble(undefined)
    setKey(newKey())
  }
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTouched(true)
    if (sending || issues.length > 0) return
    setSending(true)
    const sent = await sendJson<WireAlert>(pageRecorder.fetch, '/api/alerts', alert, key)
    setSending(false)
    if (sent.state !== 'done') return setTrouble(sent)
    showToast({ title: 'Alert is being sent.', text: alert.title })
    setTrouble(undefined)
    setTouched(false)
    setAlert(blank)
    setKey(newKey())
    onSent()
  }
  return (
    <Form onSubmit={send} noValidate className="max-w-[560px] space-y-3 pt-4">
      <Field
        label="Title"
        value={alert.title}
        error={wrong('title')}
        onChange={(event) => change({ title: event.target.value })}
      />
      <TextArea
        label="Message"
        hint="Every account receives it. There is no way to limit it by loan or role."
        value={alert.body}
        error={wrong('body')}
        onChange={(event) => change({ body: event.target.value })}
      />
      {trouble && <SendTrouble trouble={trouble} />}
      <Button type="submit" pending={sending}>
        {trouble ? 'Send again' : 'Send to everyone'}
      </Button>
    </Form>
  )
}
