import type { Browser } from '#components/live/liveness.ts'
import type { connector } from '#components/live/open-socket.ts'
import type { Fetch } from '#components/live/request.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

/** What passed on a lane's wire, byte for byte as far as a page can see it. */
export type WireLine = {
  atMs: number
  direction: 'up' | 'down'
  text: string
  /** The first and last entry in it. */
  seqs?: readonly [number, number]
}

/** An event on a lane. Times are epoch ms. */
export type LaneEvent = { atMs: number } & (
  | { type: 'line'; line: WireLine }
  /** A request or a connection is under way. */
  | { type: 'asked' }
  /** It is connected and waiting for entries. */
  | { type: 'open' }
  /** The client delivers them to the page. */
  | { type: 'entries'; entries: readonly WireEntry[] }
  /** A response without entries. */
  | { type: 'empty' }
  /** A sign of life: a beat, or a ping. */
  | { type: 'beat' }
  /** A packet was sent over a socket. */
  | { type: 'said' }
  /** The stream continues after `headSeq`; everything before it is skipped. */
  | { type: 'reset'; headSeq: number }
  /** The connection is gone, or nothing responds. */
  | { type: 'lost' }
)

export type LaneOptions = {
  /** `http://host:port` */
  origin: string
  stream: string
  /** The interval of short polling. */
  pollMs: number
  now: () => number
  fetch: Fetch
  browser: Browser
  /** For environments where the browser's own WebSocket does not suffice. */
  socket?: Pick<Parameters<typeof connector>[0], 'transport' | 'extraHeaders'>
}
