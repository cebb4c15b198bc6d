import type { Session } from '#server/domain/accounts/session.ts'
import { idPattern } from '#server/domain/loans/loan-deps.ts'
import type { LoanState } from '#server/domain/loans/loan-states.ts'

/** The loan whose stream this is; undefined when it is none. */
export function loanIdOf(stream: string): string | undefined {
  const id = stream.startsWith('loan:') ? stream.slice('loan:'.length) : ''
  return idPattern.test(id) ? id : undefined
}

/** The applicant and every officer may read a loan; to anybody else it does not exist. */
export function mayRead(session: Session, state: LoanState | undefined): state is LoanState {
  return state !== undefined && (state.applicantId === session.userId || session.role === 'officer')
}
