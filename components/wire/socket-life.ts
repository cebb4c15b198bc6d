import type { WireExchange } from '#server/protocol/protocol.ts'

/** How a connection came to its end: by the server, cut on its way, let go by the page, or never opened at all. */
export type SocketEnd = 'ended' | 'cut' | 'let-go' | 'refused'

export type Sum = { packets: number; bytes: number }

/** One connection of this page, from its upgrade to its end. Times are epoch ms. */
export type SocketLife = {
  /** Counts up within the page. */
  socket: number
  openingMs: number
  openedMs?: number
  closed?: { by: SocketEnd; atMs: number; why?: string }
  /** What Engine.IO calls it. */
  id?: string
  /** Of the packets' own text, without the frames around it. */
  sent: Sum
  received: Sum
  /** The server has said that it is about to end. */
  bye?: boolean
  /** The server's own view of it; absent until `/api/wire` has told. */
  counted?: WireExchange
}

/** Whether a connection was ended by the page itself, for a reason that Socket.IO's client gives. */
export function isLetGo(why = ''): boolean {
  return why === 'io client disconnect' || why === 'forced close'
}

/** By whom a connection was ended. */
export function socketEndOf({ openedMs, bye }: SocketLife, why?: string): SocketEnd {
  if (isLetGo(why)) return 'let-go'
  if (openedMs === undefined) return 'refused'
  return bye || why === 'io server disconnect' ? 'ended' : 'cut'
}

/** Whether it is open now. */
export function isOpen({ openedMs, closed }: SocketLife): boolean {
  return openedMs !== undefined && closed === undefined
}

/** What was asked for: Engine.IO's fourth protocol, and WebSocket from the start. */
export function upgradePath({ counted }: SocketLife): string {
  return counted?.path.includes('?') ? counted.path : '/socket.io/?EIO=4&transport=websocket'
}
