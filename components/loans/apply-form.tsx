'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { tabStorage } from '#components/live/browser-features.ts'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { SignedOutNotice } from '#components/shell/viewer-gate.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Field, Select } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { formatMoney, formatPercent, missing } from '#components/ui/format.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { instalmentMinor, yearlyRate } from '#server/protocol/instalment.ts'
import { currencies, type WireLoan } from '#server/protocol/loans.ts'
import type { LoanApplication } from '#server/protocol/loans-schemas.ts'
import { slugOf } from '#server/protocol/problems.ts'
import {
  type DraftErrors,
  errorsOf,
  forgetDraft,
  keepDraft,
  keptDraft,
  type LoanDraft,
  readDraft,
} from './loan-draft.ts'
import { loanStages } from './loan-stages.ts'
import { noteSent } from './seen-times.ts'

/**
 * The application form: validated with the server's own schema as it is written, sent once however often it is
 * submitted.
 */
export function ApplyForm({ userId, demo }: { userId: string; demo: boolean }) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [draft, change] = useDraft(userId)
  const [tried, setTried] = useState(false)
  const [sending, setSending] = useState(false)
  const [refused, setRefused] = useState<DraftErrors>({})
  const [trouble, setTrouble] = useState<Unsent>()
  const { application, errors } = readDraft(draft)
  const shown = { ...refused, ...(tried ? errors : {}) }

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (sending) return
    if (!application) return focusFirstWrong()
    setSending(true)
    setRefused({})
    const sent = await sendJson<WireLoan>(pageRecorder.fetch, '/api/loans', application, draft.key)
    if (sent.state === 'done') {
      forgetDraft(tabStorage, userId)
      const keys = loanStages(sent.value).flatMap(({ key, at }) => (at ? [key] : []))
      noteSent(tabStorage, sent.value.id, keys, Date.now())
      return router.push(`/loans/${sent.value.id}`)
    }
    setSending(false)
    // The first version has created a loan; what the form holds now is another application.
    if (sent.state === 'refused' && slugOf(sent.problem) === 'idempotency-key-reused')
      change({ key: newKey() })
    const byField = sent.state === 'refused' ? errorsOf(sent.problem) : {}
    setRefused(byField)
    setTrouble(Object.keys(byField).length > 0 ? undefined : sent)
    if (Object.keys(byField).length > 0) focusFirstWrong()
  }

  // The fields are marked invalid by the next render.
  const focusFirstWrong = () =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus())

  return (
    <>
      <PhoneTitle back="/loans" backLabel="Loans" title="New loan" />
      <div className="page-x max-w-[928px] pt-8 pb-8 max-md:pt-5">
        <h1 className="type-title">Apply for a loan</h1>
        <p className="mt-2 max-w-[56ch] text-ui text-ink-2">
          Two automatic checks run first, then an officer decides. You can follow each step on the loan’s
          page.
        </p>
        <div className="mt-7 grid gap-x-16 gap-y-8 @2xl:grid-cols-[1fr_264px]">
          <Form ref={form} onSubmit={submit} noValidate className="space-y-5">
            <div className="grid grid-cols-[1fr_104px] gap-3">
              <Field
                label="Amount"
                inputMode="decimal"
                autoComplete="off"
                placeholder="18,500.00"
                value={draft.amount}
                onChange={(event) => change({ amount: event.target.value })}
                error={shown.amountMinor}
                hint={
                  demo
                    ? '100.00 to 1,000,000.00. Demo: for an amount ending in .13, the bank refuses the first payout.'
                    : '100.00 to 1,000,000.00'
                }
              />
              <Select
                label="Currency"
                value={draft.currency}
                onChange={(event) => change({ currency: event.target.value })}
                error={shown.currency}
              >
                {currencies.map((currency) => (
                  <option key={currency}>{currency}</option>
                ))}
              </Select>
            </div>
            <Field
              label="Purpose"
              placeholder="a heat pump"
              autoComplete="off"
              value={draft.purpose}
              onChange={(event) => change({ purpose: event.target.value })}
              error={shown.purpose}
            />
            <Field
              label="Term"
              inputMode="numeric"
              autoComplete="off"
              unit="months"
              value={draft.term}
              onChange={(event) => change({ term: event.target.value })}
              error={shown.termMonths}
              hint="6 to 120"
              className="max-w-44"
            />
            <Field
              label="Monthly net income"
              inputMode="decimal"
              autoComplete="off"
              unit={draft.currency}
              value={draft.income}
              onChange={(event) => change({ income: event.target.value })}
              error={shown.incomeMinor}
              hint="Optional. Helps the officer decide."
              className="max-w-64"
            />
            {!trouble && (
              <SignedOutNotice back="/loans/new">
                Your application is kept. Sign in again to send it.
              </SignedOutNotice>
            )}
            {trouble && (
              <SendTrouble trouble={trouble}>
                {trouble.state === 'refused' && slugOf(trouble.problem) === 'unauthenticated' && (
                  <ButtonLink small href="/sign-in?next=/loans/new">
                    Sign in
                  </ButtonLink>
                )}
              </SendTrouble>
            )}
            <div className="flex gap-2">
              <Button type="submit" look="primary" pending={sending}>
                {trouble?.state === 'unanswered' ? 'Send again' : 'Send application'}
              </Button>
              <ButtonLink look="quiet" href="/loans">
                Cancel
              </ButtonLink>
            </div>
          </Form>
          <InstalmentPreview application={application} />
        </div>
      </div>
    </>
  )
}

const blank: LoanDraft = { amount: '', currency: 'EUR', purpose: '', term: '36', income: '', key: '' }

/** The application being written, kept over reloads. Its key is created in the browser, once per application. */
function useDraft(userId: string) {
  const [draft, setDraft] = useState(blank)
  useEffect(() => {
    // The user may have begun to type already: the fields' contents take precedence over the stored draft.
    setDraft((before) => (before === blank && keptDraft(tabStorage, userId)) || { ...before, key: newKey() })
  }, [userId])
  useEffect(() => {
    if (draft.key !== '') keepDraft(tabStorage, userId, draft)
  }, [draft, userId])
  const change = useCallback((part: Partial<LoanDraft>) => setDraft((before) => ({ ...before, ...part })), [])
  return [draft, change] as const
}

/** The loan's instalment, by the server's own formula; dashes until the input is valid. */
function InstalmentPreview({ application }: { application: LoanApplication | undefined }) {
  const monthly = application && instalmentMinor(application.amountMinor, application.termMonths)
  const total = monthly && application && monthly * application.termMonths
  const money = (minor: number | undefined) =>
    minor === undefined || !application ? missing : formatMoney(minor, application.currency)
  return (
    <section aria-label="Instalment" className="border-t border-line-strong pt-3">
      <p className="type-label">Monthly instalment</p>
      <p className="type-figure mt-1" aria-live="polite">
        {money(monthly)}
      </p>
      <dl className="mt-4 text-ui">
        <Line name="Amount">{money(application?.amountMinor)}</Line>
        <Line name="Total repayment">{money(total)}</Line>
        <Line name="Interest">{money(total && application && total - application.amountMinor)}</Line>
        <Line name="Annual rate">{formatPercent(yearlyRate, 1)}</Line>
      </dl>
    </section>
  )
}

function Line({ name, children }: { name: string; children: string }) {
  return (
    <div className="flex justify-between border-t border-line py-1.5">
      <dt className="text-ink-2">{name}</dt>
      <dd className="type-data leading-5">{children}</dd>
    </div>
  )
}
