import type { Session } from '#server/domain/accounts/session.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import { type Counted, type Exchanges, toWire } from './exchanges.ts'

/** What a client holds open: a request, an event stream, or a socket. */
export type Connection = {
  readonly session: Session | undefined
  /** Whose limit it counts against; undefined when it counts against no one's. */
  readonly holder: string | object | undefined
  /** Why the server ended it; undefined while it is open, and when the client left. */
  readonly ending: ByeReason | undefined
  /** Ends it at once, whether it has begun or not, and sends the reason if possible. Only the first call counts. */
  bye(reason: ByeReason): void
  sessionEnded(): void
  /** What it has cost so far; undefined when that is counted elsewhere. */
  counted(): Counted | undefined
}

export class TooManyConnections extends Error {
  override name = 'TooManyConnections'
}

export class NodeDraining extends Error {
  override name = 'NodeDraining'
}

export class SessionEnded extends Error {
  override name = 'SessionEnded'
}

type Options = {
  /** What they are called in a refusal, in the plural. */
  name: string
  maxPerHolder: number
}

/**
 * The open connections of one kind on this node: how many each user holds, whose session has ended, and why each ended.
 */
export class Connections<C extends Connection> {
  readonly #sessions: Pick<Sessions, 'watch' | 'unwatch'>
  readonly #exchanges: Pick<Exchanges, 'add'>
  readonly #options: Options
  readonly #open = new Set<C>()
  readonly #byHolder = new Map<string | object, Set<C>>()
  readonly #ended = { drain: 0, slow: 0, 'session-ended': 0, 'right-ended': 0, left: 0 }
  readonly #drainListeners: (() => void)[] = []
  #isDraining = false

  constructor(deps: { sessions: Sessions; exchanges: Exchanges }, options: Options) {
    this.#sessions = deps.sessions
    this.#exchanges = deps.exchanges
    this.#options = options
  }

  /**
   * Counts a connection as open until `close` or `discard`; if the node is draining, it is ended at once. Throws
   * `TooManyConnections`.
   */
  open(connection: C): void {
    const { holder, session } = connection
    if (holder !== undefined) this.#hold(holder, connection)
    this.#open.add(connection)
    if (session) this.#sessions.watch(session, connection)
    if (this.#isDraining) connection.bye('drain')
  }

  /** It has ended: counts the reason and what it cost. */
  close(connection: C): void {
    if (!this.discard(connection)) return
    this.#ended[connection.ending ?? 'left'] += 1
    const counted = connection.counted()
    if (connection.session && counted) this.#exchanges.add(connection.session.id, counted)
  }

  /** Removes it as if it had never been opened, because its request was refused. False when it was not open. */
  discard(connection: C): boolean {
    if (!this.#open.delete(connection)) return false
    const { holder, session } = connection
    if (holder !== undefined) this.#release(holder, connection)
    if (session) this.#sessions.unwatch(session, connection)
    return true
  }

  get size(): number {
    return this.#open.size
  }

  /** How many have ended so far, by reason. */
  get ended(): Readonly<Record<ByeReason | 'left', number>> {
    return this.#ended
  }

  get isDraining(): boolean {
    return this.#isDraining
  }

  /** The open connections of a user (or of another holder). */
  heldBy(holder: string | object): Iterable<C> {
    return this.#byHolder.get(holder) ?? []
  }

  /** What the open connections of a session have cost so far. */
  exchangesOf(sessionId: string): WireExchange[] {
    return [...this.#open]
      .filter(({ session }) => session?.id === sessionId)
      .flatMap((connection) => connection.counted() ?? [])
      .map((counted) => ({ ...toWire(counted), open: true }))
  }

  /** Ends all that are open, and any that are opened later. */
  drain(): void {
    this.#isDraining = true
    for (const connection of this.#open) connection.bye('drain')
    for (const listener of this.#drainListeners) listener()
  }

  onDrain(listener: () => void): void {
    this.#drainListeners.push(listener)
  }

  #hold(holder: string | object, connection: C): void {
    const { maxPerHolder, name } = this.#options
    const held = this.#byHolder.get(holder) ?? new Set()
    if (held.size >= maxPerHolder)
      throw new TooManyConnections(`A user can have at most ${maxPerHolder} ${name}`)
    this.#byHolder.set(holder, held.add(connection))
  }

  #release(holder: string | object, connection: C): void {
    const held = this.#byHolder.get(holder)
    if (held?.delete(connection) && held.size === 0) this.#byHolder.delete(holder)
  }
}

/** Throws `NodeDraining` or `SessionEnded` when a connection was ended before it began. */
export function assertOpen({ ending }: Connection): void {
  if (ending === 'drain') throw new NodeDraining('This node is shutting down')
  if (ending !== undefined) throw new SessionEnded('The session has ended')
}

/** The time over which clients that lost their server together are spread when they reconnect, in ms. */
const retrySpreadMs = 2_000

/** When a client whose connection is ended should reconnect, in ms. */
export function retryMs(): number {
  return Math.round(500 + Math.random() * retrySpreadMs)
}
