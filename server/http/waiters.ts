import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/accounts/session.ts'
import type { Sessions } from '#server/accounts/sessions.ts'
import { Held } from './held.ts'
import { Refusal } from './problem.ts'

export type Waiters = {
  /**
   * Holds a request for as long as the result is in use (`using`). As a signal it ends after `waitMs`, when the
   * client leaves, when the session ends, or when the node drains. Throws 429 over the cap of a user.
   */
  hold(request: FastifyRequest, session: Session | undefined, waitMs: number): Held
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

  function forget(held: Held) {
    everybody.delete(held)
    if (!held.session) return
    sessions.unwatch(held.session, held)
    leave(held.session.userId)
  }

  return {
    hold(request, session, waitMs) {
      if (session) enter(session.userId)
      const held = new Held(request.raw.socket, draining ? 0 : waitMs, session, forget)
      everybody.add(held)
      if (session) sessions.watch(session, held)
      return held
    },
    count: () => everybody.size,
    drain() {
      draining = true
      for (const held of everybody) held.end()
    },
  }
}
