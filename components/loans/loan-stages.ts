import { formatMoney } from '#components/ui/format.ts'
import { finalLoanStatuses, type LoanStatus, type WireLoan } from '#server/protocol/loans.ts'

/** One line of a loan's timeline. `key` identifies it across polls: a status can occur twice (a retried payout). */
export type TimelineLine = {
  key: string
  state: 'done' | 'now' | 'to-come' | 'failed'
  title: string
  text?: string
  note?: string
  at?: string
}

const road: readonly LoanStatus[] = [
  'submitted',
  'verifying',
  'credit-check',
  'under-review',
  'approved',
  'paying-out',
  'paid-out',
]

/** A loan's events, oldest first, and those still to come if all goes well. */
export function loanStages(loan: WireLoan): TimelineLine[] {
  const happened = loan.stages.map(({ status, at, note }, n): TimelineLine => {
    const last = n === loan.stages.length - 1
    return {
      key: `${status}@${at}`,
      state: stateOf(status, last),
      title: statusNames[status],
      text: statusWords[status][last ? 'now' : 'over'],
      note,
      at,
    }
  })
  return [...happened, ...toCome(loan.status)]
}

function stateOf(status: LoanStatus, last: boolean): TimelineLine['state'] {
  if (status === 'failed') return 'failed'
  return last && !finalLoanStatuses.includes(status) ? 'now' : 'done'
}

function toCome(status: LoanStatus): TimelineLine[] {
  if (status === 'declined' || status === 'withdrawn') return []
  const passed = road.indexOf(status === 'failed' ? 'paying-out' : status)
  return road.slice(passed + 1).map((next) => ({
    key: next,
    state: 'to-come',
    title: next === 'approved' ? 'Approved or declined' : statusNames[next],
  }))
}

/** The name of each status. */
export const statusNames = {
  submitted: 'Submitted',
  verifying: 'Verifying',
  'credit-check': 'Credit check',
  'under-review': 'Under review',
  approved: 'Approved',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  'paying-out': 'Paying out',
  'paid-out': 'Paid out',
  failed: 'Payout failed',
} as const satisfies Record<LoanStatus, string>

/** What each status means to the borrower: while it lasts, and afterwards. */
export const statusWords = {
  submitted: { now: 'We received your application.', over: 'We received your application.' },
  verifying: { now: 'Your documents are being verified.', over: 'Your documents were verified.' },
  'credit-check': { now: 'Your credit is being checked.', over: 'Your credit was checked.' },
  'under-review': {
    now: 'An officer is reviewing your application.',
    over: 'An officer reviewed your application.',
  },
  approved: { now: 'An officer approved it. The payout is next.', over: 'An officer approved it.' },
  declined: { now: 'An officer declined it. Nothing will be paid out.', over: 'An officer declined it.' },
  withdrawn: { now: 'You withdrew your application.', over: 'You withdrew your application.' },
  'paying-out': {
    now: 'The bank was asked to transfer the money.',
    over: 'The bank was asked to transfer the money.',
  },
  'paid-out': {
    now: 'The money is in your account. You can start repaying.',
    over: 'The money is in your account.',
  },
  failed: {
    now: 'The bank didn’t make the transfer. An officer can retry it.',
    over: 'The bank didn’t make the transfer.',
  },
} as const satisfies Record<LoanStatus, { now: string; over: string }>

/** `€18,500.00 for a heat pump`. */
export function loanTitle(loan: Pick<WireLoan, 'amountMinor' | 'currency' | 'purpose'>): string {
  return `${formatMoney(loan.amountMinor, loan.currency)} for ${inSentence(loan.purpose)}`
}

/** Lowercases a sentence-case initial; `EV charger` keeps its own. */
function inSentence(purpose: string): string {
  return /^\p{Lu}\p{Ll}/u.test(purpose) ? purpose.charAt(0).toLowerCase() + purpose.slice(1) : purpose
}
