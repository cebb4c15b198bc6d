import type { Browser } from '#components/live/liveness.ts'
import type { connector } from '#components/live/open-socket.ts'
import type { Fetch } from '#components/live/request.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

/** What passed on the wire of a lane, byte for byte as far as a page is shown it. */
export type WireLine = {
  atMs: number
  direction: 'up' | 'down'
  text: string
  /** The entries in it, first and last. */
  seqs?: readonly [number, number]
}

/** What happens on a lane. Times are of the epoch of Unix, in ms. */
export type LaneEvent = { atMs: number } & (
  | { type: 'line'; line: WireLine }
  /** A request, or a connection, is on its way. */
  | { type: 'asked' }
  /** It is connected, and waits for what comes. */
  | { type: 'open' }
  /** The client gives them to the page. */
  | { type: 'entries'; entries: readonly WireEntry[] }
  /** An answer without news. */
  | { type: 'empty' }
  /** A sign of life: a beat, or a ping. */
  | { type: 'beat' }
  /** A packet has gone up a socket. */
  | { type: 'said' }
  /** The stream continues after `headSeq`; what came before it is skipped. */
  | { type: 'reset'; headSeq: number }
  /** The connection is gone, or nobody answers. */
  | { type: 'lost' }
)

export type LaneOptions = {
  /** `http://host:port` */
  origin: string
  stream: string
  /** Of short polling. */
  pollMs: number
  now: () => number
  fetch: Fetch
  browser: Browser
  /** Where the browser's own WebSocket does not do. */
  socket?: Pick<Parameters<typeof connector>[0], 'transport' | 'extraHeaders'>
}
