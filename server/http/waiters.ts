import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import { Held } from './held.ts'
import { Refusal } from './problem.ts'

export type Waiters = {
  /**
   * Holds a request for as long as the result is in use (`using`). As a signal it ends after `waitMs`, when the
   * client leaves, when the session ends, or when the node drains. Throws 429 over the cap of a user, which is one
   * connection's where there is none: a line can carry any number of requests without awaiting an answer.
   */
  hold(request: FastifyRequest, session: Session | undefined, waitMs: number): Held
  count(): number
  /** Ends everybody's patience: they answer "nothing new" and come back elsewhere. */
  drain(): void
}

/** The requests that are held open now. */
export function createWaiters(sessions: Sessions, { maxPerUser }: { maxPerUser: number }): Waiters {
  const perHolder = new Map<string | Socket, number>()
  const everybody = new Set<Held>()
  let draining = false

  function enter(holder: string | Socket) {
    const count = (perHolder.get(holder) ?? 0) + 1
    if (count > maxPerUser) {
      const detail = `A user holds at most ${maxPerUser} requests open`
      throw new Refusal('too-many-connections', detail, { headers: { 'retry-after': '5' } })
    }
    perHolder.set(holder, count)
  }

  function leave(holder: string | Socket) {
    const count = (perHolder.get(holder) ?? 1) - 1
    if (count === 0) perHolder.delete(holder)
    else perHolder.set(holder, count)
  }

  function forget(held: Held) {
    everybody.delete(held)
    leave(held.holder)
    if (held.session) sessions.unwatch(held.session, held)
  }

  return {
    hold(request, session, waitMs) {
      const { socket } = request.raw
      enter(session?.userId ?? socket)
      const held = new Held(socket, draining ? 0 : waitMs, session, forget)
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
