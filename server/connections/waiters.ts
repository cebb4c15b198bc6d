import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Signal } from '#server/log/waiter.ts'

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

/**
 * One request that is held open: the signal that ends its patience, at the deadline, when the client leaves, when
 * the session ends or when the node drains. An `AbortController` with its listeners weighs a kilobyte more.
 */
class Held implements Signal {
  aborted = false
  readonly session: Session | undefined
  readonly #socket: Socket
  readonly #leave: (held: Held) => void
  readonly #timer: NodeJS.Timeout
  readonly #end = () => this.end()
  #listener: { handleEvent(): void } | undefined
  #sessionHasEnded = false

  constructor(socket: Socket, waitMs: number, session: Session | undefined, leave: (held: Held) => void) {
    this.#socket = socket
    this.session = session
    this.#leave = leave
    this.#timer = setTimeout(this.#end, waitMs)
    socket.on('close', this.#end)
    if (socket.destroyed) this.aborted = true
  }

  /** Whose allowance it uses: the user's, or else the connection's. */
  get holder(): string | Socket {
    return this.session?.userId ?? this.#socket
  }

  addEventListener(_type: 'abort', listener: { handleEvent(): void }): void {
    this.#listener = listener
  }

  removeEventListener(): void {
    this.#listener = undefined
  }

  sessionEnded(): void {
    this.#sessionHasEnded = true
    this.end()
  }

  end(): void {
    this.aborted = true
    this.#listener?.handleEvent()
  }

  /** Throws 401 when the session ended meanwhile: what the wait has brought is not shown any more. */
  check(): void {
    if (this.#sessionHasEnded) throw new Refusal('unauthenticated', 'The session has ended')
  }

  /** The wait is over, however it ended. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#socket.off('close', this.#end)
    this.#leave(this)
  }
}
