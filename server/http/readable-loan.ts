import type { Session } from '#server/domain/accounts/session.ts'
import { idPattern } from '#server/domain/loans/loan-deps.ts'
import type { LoanState } from '#server/domain/loans/loan-states.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'
import { mayRead } from './rights.ts'

/** A loan as this session sees it. Throws 404 for what does not exist and, alike, for what is not its business. */
export async function readableLoan(
  { statuses }: Pick<Context, 'statuses'>,
  session: Session,
  id: string,
): Promise<LoanState> {
  if (!idPattern.test(id)) throw new Refusal('not-found')
  const state = statuses.known(id) ?? (await statuses.current(id))
  if (!mayRead(session, state)) throw new Refusal('not-found')
  return state
}
