import { parseAmount, parseCount } from '#components/ui/parse-number.ts'
import { type LoanApplication, loanApplicationSchema } from '#server/protocol/loans-schemas.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { isVisible } from '#server/protocol/text.ts'

/** An application as it is being written: what stands in the fields, and the key under which it will be sent. */
export type LoanDraft = {
  amount: string
  currency: string
  purpose: string
  term: string
  income: string
  key: string
}

type DraftField = keyof LoanApplication
/** One sentence for each field that is wrong. */
export type DraftErrors = Partial<Record<DraftField, string>>

/** Reads a draft by the server's own schema: the application, or what is wrong with each field. */
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

/** What a `validation` problem says about the fields of the form. */
export function errorsOf(problem: Problem): DraftErrors {
  return Object.fromEntries((problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), detail]))
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * Keeps a user's draft over a reload, its key included: what was sent without an answer is then sent again under the same key.
 */
export function keepDraft(store: Store, userId: string, draft: LoanDraft) {
  store.setItem(nameOf(userId), JSON.stringify(draft))
}

export function forgetDraft(store: Store, userId: string) {
  store.removeItem(nameOf(userId))
}

/** The draft that was kept of a user; undefined when there is none, or none of ours. */
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
