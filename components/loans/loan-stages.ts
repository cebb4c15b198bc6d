import { finalLoanStatuses, type LoanStatus, type WireLoan } from '#server/protocol/protocol.ts'
import { statusNames, statusWords } from './loan-words.ts'

/** One line of a loan's timeline. `key` names it across polls: a status can come twice (a payout that is retried). */
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

/** What happened to a loan, oldest first, and what is still to come if all goes well. */
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
  if (status === 'declined') return []
  const passed = road.indexOf(status === 'failed' ? 'paying-out' : status)
  return road.slice(passed + 1).map((next) => ({
    key: next,
    state: 'to-come',
    title: next === 'approved' ? 'Approved or declined' : statusNames[next],
  }))
}
