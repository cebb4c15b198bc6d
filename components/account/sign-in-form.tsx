'use client'
import Link from 'next/link'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import type { Mode } from './credentials.ts'
import { DemoPeople, type DemoPerson } from './demo-people.tsx'
import { RefusalNotice } from './refusal-notice.tsx'
import { useCredentials } from './use-credentials.ts'

const words = {
  'sign-in': { title: 'Sign in', act: 'Sign in', ask: 'New here?', other: 'Create an account' },
  'sign-up': {
    title: 'Create an account',
    act: 'Create the account',
    ask: 'You have one?',
    other: 'Sign in',
  },
} as const satisfies Record<Mode, object>

/** The form for both: an account is a name more than a sign-in. */
export function SignInForm({
  mode,
  next,
  otherHref,
  people,
}: {
  mode: Mode
  next: string
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
      <p className="mt-1.5 mb-4 text-ui text-ink-2">One account for loans, the feed, chat and trading.</p>
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
      <DemoPeople
        people={people}
        pending={pending}
        onEnter={({ email, password }) => enter('sign-in', { email, password }, email)}
      />
    </>
  )
}
