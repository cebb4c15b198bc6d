import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/accounts/session.ts'
import type { Sessions } from '#server/accounts/sessions.ts'
import type { Signal } from '#server/log/signal.ts'
import { Held } from './held.ts'
import { Refusal } from './problem.ts'

export type Waiters = {
  /**
   * Runs `wait` with the signal that ends its patience: after `waitMs`, when the client leaves, when the session
   * ends, or when the node drains. Throws 429 over the cap of a user, 401 when the session ended meanwhile.
   */
  hold<T>(
    request: FastifyRequest,
    session: Session | undefined,
    waitMs: number,
    wait: (patience: Signal) => Promise<T>,
  ): Promise<T>
  count(): number
  /** Ends everybody's patience: they answer "nothing new" and come back elsewhere. */
  drain(): void
}

/** The requests that are held open now. */
export function createWaiters(sessions: Sessions, { maxPerUser }: { maxPerUser: number }): Waiters {
  const perUser = new Map<string, number>()
  const everybody = new Set<Held>()
  let draining = false

  function enter(userId: string) {
    const count = (perUser.get(userId) ?? 0) + 1
    if (count > maxPerUser) {
      const detail = `A user holds at most ${maxPerUser} requests open`
      throw new Refusal('too-many-connections', detail, { headers: { 'retry-after': '5' } })
    }
    perUser.set(userId, count)
  }

  function leave(userId: string) {
    const count = (perUser.get(userId) ?? 1) - 1
    if (count === 0) perUser.delete(userId)
    else perUser.set(userId, count)
  }

  return {
    async hold(request, session, waitMs, wait) {
      if (session) enter(session.userId)
      const held = new Held(request.raw.socket, draining ? 0 : waitMs)
      everybody.add(held)
      if (session) sessions.watch(session, held)
      try {
        const result = await wait(held)
        if (held.sessionHasEnded) throw new Refusal('unauthenticated', 'The session has ended')
        return result
      } finally {
        held.close()
        everybody.delete(held)
        if (session) {
          sessions.unwatch(session, held)
          leave(session.userId)
        }
      }
    },
    count: () => everybody.size,
    drain() {
      draining = true
      for (const held of everybody) held.end()
    },
  }
}
