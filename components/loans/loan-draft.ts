import { parseAmount, parseCount } from '#components/ui/parse-number.ts'
import { type LoanApplication, loanApplicationSchema } from '#server/protocol/loans-schemas.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { isVisible } from '#server/protocol/text.ts'

/** An application being written: the texts of its fields, and the key under which it will be sent. */
export type LoanDraft = {
  amount: string
  currency: string
  purpose: string
  term: string
  income: string
  key: string
}

type DraftField = keyof LoanApplication
/** One sentence for each invalid field. */
export type DraftErrors = Partial<Record<DraftField, string>>

/** Validates a draft with the server's own schema: returns the application, or an error for each invalid field. */
export function readDraft(draft: LoanDraft): { application?: LoanApplication; errors: DraftErrors } {
  const parsed = loanApplicationSchema.safeParse({
    amountMinor: parseAmount(draft.amount, draft.currency) ?? Number.NaN,
    currency: draft.currency,
    purpose: draft.purpose,
    termMonths: parseCount(draft.term) ?? Number.NaN,
    ...(draft.income.trim() !== '' && {
      incomeMinor: parseAmount(draft.income, draft.currency) ?? Number.NaN,
    }),
  })
  if (parsed.success) return { application: parsed.data, errors: {} }
  const errors = Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0], message]))
  if (parseAmount(draft.amount, draft.currency) === undefined) {
    errors.amountMinor = `Enter an amount in ${draft.currency}, such as 18,500.00`
  }
  if (errors.incomeMinor !== undefined && parseAmount(draft.income, draft.currency) === undefined) {
    errors.incomeMinor = `Enter an amount in ${draft.currency}, such as 3,200.00, or leave it empty`
  }
  if (!isVisible(draft.purpose)) errors.purpose = 'Enter a purpose'
  if (parseCount(draft.term) === undefined) errors.termMonths = 'Enter a whole number of months, such as 36'
  return { errors }
}

/** The errors of a `validation` problem by form field. */
export function errorsOf(problem: Problem): DraftErrors {
  return Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]))
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * Stores a user's draft over a reload, including its key: an application without a response is then resent under the
 * same key.
 */
export function keepDraft(store: Store, userId: string, draft: LoanDraft) {
  store.setItem(nameOf(userId), JSON.stringify(draft))
}

export function forgetDraft(store: Store, userId: string) {
  store.removeItem(nameOf(userId))
}

/** A user's stored draft; undefined if there is none, or it is not a draft. */
export function keptDraft(store: Store, userId: string): LoanDraft | undefined {
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(userId)) ?? 'null')
    return isDraft(kept) ? kept : undefined
  } catch {
    // Not JSON, so not a draft.
    return undefined
  }
}

function isDraft(kept: unknown): kept is LoanDraft {
  const names = ['amount', 'currency', 'purpose', 'term', 'income', 'key']
  return (
    typeof kept === 'object' &&
    kept !== null &&
    names.every((name) => typeof (kept as Record<string, unknown>)[name] === 'string')
  )
}

function nameOf(userId: string): string {
  return `loan application ${userId}`
}
