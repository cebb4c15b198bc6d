import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { Fetch } from './ask.ts'
import type { Clock } from './clock.ts'
import type { OpenConnection } from './connection.ts'
import type { StreamListener } from './following-reader.ts'
import type { LineEvents } from './line-asides.ts'
import type { LineState, LineView } from './line-view.ts'
import type { Packet } from './packet.ts'
import type { TicksListener } from './price-watch.ts'
import type { Sent } from './send-json.ts'

export type { StreamListener } from './following-reader.ts'
export type { LineEvents } from './line-asides.ts'
export type { LineState, LineView } from './line-view.ts'

/** One connection for all that a page does over the socket: streams, commands, prices. */
export type SocketLine = {
  view(): LineView
  watch(changed: () => void): () => void
  /** Goes on after a cursor, for as long as it is held. `background`: in the fallback it is asked for only now and then. */
  follow<Data>(
    subject: { name: string; after: string },
    listener: StreamListener<Data>,
    options?: { background?: boolean },
  ): { stop(): void; cursor(): string }
  /**
   * One try. `unanswered`: the line is down, was cut, or the answer did not come in time; the same again is safe for
   * commands with a client id. In the fallback it goes over HTTP.
   */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    options?: { timeoutMs?: number },
  ): Promise<Sent<CommandResults[Name]>>
  /** Who is here is told at once when it is known. */
  on<Name extends keyof LineEvents>(name: Name, listener: (event: LineEvents[Name]) => void): () => void
  /** The listener's first call is the snapshot; after a reconnect, or when the page is seen again, there is another. */
  watchPrices(symbols: readonly string[], listener: TicksListener): { stop(): void }
  tryNow(): void
  /** Closes it, whoever holds it, until `resume`. */
  suspend(): void
  resume(): void
  /** Raw packets, both directions, for the wire drawer. */
  onPacket(listener: (packet: Packet) => void): () => void
  /** Wants a connection until the answer is called: the line closes some seconds after the last one. */
  hold(): () => void
}

export type LineOptions = {
  connector(note: (packet: Packet) => void): OpenConnection
  fetch: Fetch
  clock: Clock
  random?: () => number
  /** Gets what a listener throws. */
  report(fault: unknown): void
  /** How long it stays open when nobody needs it, in ms. */
  lingerMs?: number
  browser: { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }
}

/** The line says that what is followed comes, by the socket or what goes in its place. */
export function isStanding(line: SocketLine): boolean {
  return standing.includes(line.view().state)
}

const standing: readonly LineState[] = ['live', 'catching-up', 'fallback']
