'use client'

import Link from 'next/link'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { pageViewer } from '#components/live/page-viewer.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import type { Role } from '#server/protocol/people.ts'
import { type Credentials, type Mode, type Refused, sendCredentials } from './credentials.ts'
import { landingPage, signInReason } from './safe-next.ts'

const words = {
  'sign-in': { title: 'Sign in', act: 'Sign in', ask: 'New here?', other: 'Create an account' },
  'sign-up': {
    title: 'Create an account',
    act: 'Create account',
    ask: 'Already have an account?',
    other: 'Sign in',
  },
} as const satisfies Record<Mode, object>

/** The form for signing in and up; signing up adds a name. */
export function SignInForm({
  mode,
  next,
  otherHref,
  people,
}: {
  mode: Mode
  /** Where to go afterwards; the role's start page by default. */
  next: string | undefined
  otherHref: string
  people: DemoPerson[]
}) {
  const { pending, refused, enter, forget } = useCredentials(next)
  const [shown, setShown] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const { title, act, ask, other } = words[mode]

  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [refused])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? '')
    const name = mode === 'sign-up' ? { name: text('name').trim() } : {}
    void enter(mode, { email: text('email').trim(), password: text('password'), ...name }, 'form')
  }
  return (
    <>
      <h1 className="type-title md:text-[36px] md:leading-10">{title}</h1>
      <p className="mt-1.5 mb-4 text-ui text-ink-2">
        {signInReason(next) ?? 'One account for loans, the feed, chat and trading.'}
      </p>
      <DemoPeople
        people={people}
        pending={pending}
        onEnter={({ email, password }) => enter('sign-in', { email, password }, email)}
      />
      <Form ref={form} noValidate onSubmit={submit} className="space-y-4 md:[--control:40px]">
        {refused && <RefusalNotice refused={refused} />}
        {mode === 'sign-up' && (
          <Field label="Name" name="name" autoComplete="name" error={refused?.fields.name} />
        )}
        <Field
          label="Email"
          name="email"
          type="email"
          autoComplete={mode === 'sign-in' ? 'username' : 'email'}
          autoCapitalize="none"
          spellCheck={false}
          error={refused?.fields.email}
        />
        <Field
          label="Password"
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete={mode === 'sign-in' ? 'current-password' : 'new-password'}
          hint={mode === 'sign-up' ? 'At least 8 characters.' : undefined}
          error={refused?.fields.password}
          unit={
            <button
              type="button"
              aria-pressed={shown}
              aria-label="Show the password"
              onClick={() => setShown(!shown)}
              className="link text-ink"
            >
              {shown ? 'Hide' : 'Show'}
            </button>
          }
        />
        <Button type="submit" look="primary" pending={pending === 'form'} className="w-full">
          {act}
        </Button>
      </Form>
      <p className="mt-5 text-ui">
        {ask}{' '}
        <Link href={otherHref} replace onClick={forget} className="link">
          {other}
        </Link>
      </p>
    </>
  )
}

/** A refusal that is not about a field; counts down to the next attempt. */
function RefusalNotice({ refused }: { refused: Refused }) {
  const { summary, retryAtMs, requestId } = refused
  const nowMs = useNow(1_000, retryAtMs !== undefined)
  if (!summary) return null
  const remainingMs = retryAtMs === undefined || nowMs === undefined ? 0 : retryAtMs - nowMs
  return (
    <Notice danger>
      {summary} {remainingMs > 0 && <span aria-hidden>Try again in {formatCountdown(remainingMs)}.</span>}
      {requestId && <span className="type-data block text-ink-2">request {requestId}</span>}
    </Notice>
  )
}

/** The state of signing in. On success it stays `pending`, because the page is about to be left. */
function useCredentials(next: string | undefined) {
  const [pending, setPending] = useState<string>()
  const [refused, setRefused] = useState<Refused>()
  return {
    pending,
    refused,
    forget: () => setRefused(undefined),
    /** `who` identifies the control in use. */
    async enter(mode: Mode, credentials: Credentials, who: string) {
      if (pending !== undefined) return
      setPending(who)
      setRefused(undefined)
      const sent = await sendCredentials(mode, credentials)
      if ('refused' in sent) {
        setRefused(sent.refused)
        setPending(undefined)
        return
      }
      pageViewer.changed()
      // A fresh document, so that nothing rendered for another user remains.
      window.location.assign(next ?? landingPage(sent.role))
    },
  }
}

type DemoPerson = { name: string; email: string; password: string; role: Role }

const parts = { customer: 'borrower', officer: 'loan officer' } as const satisfies Record<Role, string>

/** Users to sign in as with one click; only in demo mode. */
function DemoPeople({
  people,
  pending,
  onEnter,
}: {
  people: DemoPerson[]
  /** The email of the user being signed in. */
  pending?: string
  onEnter: (person: DemoPerson) => void
}) {
  if (people.length === 0) return null
  return (
    <section aria-labelledby="demo-people" className="mb-8 pt-2">
      <h2 id="demo-people" className="type-label border-b border-line-strong pb-2">
        Try it without creating an account
      </h2>
      <ul>
        {people.map((person) => (
          <li key={person.email}>
            <button
              type="button"
              aria-busy={pending === person.email || undefined}
              onClick={() => onEnter(person)}
              className="group grid h-9 w-full grid-cols-[120px_1fr_auto] items-center border-b border-line text-left text-ui hover:bg-hover max-md:h-11"
            >
              <strong className="font-semibold">{person.name}</strong>
              <span className="text-ink-2">{parts[person.role]}</span>
              {pending === person.email ? <PendingDashes /> : <Icon name="arrow-right" />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
