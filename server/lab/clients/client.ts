import type { Socket } from 'node:net'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import type { ResetReason, WireEntry } from '#server/protocol/streams.ts'

/** What a client receives, by any delivery. `cursor` is the position after the entry. */
export type ClientEvent =
  | { type: 'entry'; entry: WireEntry; cursor: string }
  | { type: 'reset'; head: string; reason: ResetReason }
  | { type: 'refused'; status: number; slug: string }

/** Where a client connects, as whom, and from where it reads. Without `after`: from the start of retention. */
export type ClientOptions = {
  port: number
  host?: string
  /** Spreads connections over source addresses, because one would run out of ports. */
  localAddress?: string
  cookie: string
  stream: string
  after?: string
  /** For short polling only. */
  pollMs?: number
  /** Called once, when the client has been admitted and has caught up. */
  letIn?(): void
}

/** A client's usage so far, over all its connections; bytes are on the socket, including headers. */
type ClientCounts = Pick<
  CrowdFigures,
  'requests' | 'empty' | 'reconnects' | 'refused' | 'bytesUp' | 'bytesDown'
>

/** One client of a delivery, on bare sockets. It reconnects by itself, whatever ends its connection. */
export type LabClient = {
  counts(): ClientCounts
  /** Whether it is admitted and caught up, and waits for entries or for its next poll. */
  isOpen(): boolean
  /** Cuts its connection at once, for good. */
  close(): void
}

/** Starts a client; `hear` is called for each event as it is parsed, in wire order. */
export type OpenClient = (going: ClientOptions, hear: (heard: ClientEvent) => void) => LabClient

/** A client's usage over its successive connections; bytes are as reported by its sockets. */
export class Usage {
  requests = 0
  empty = 0
  refused = 0
  #connections = 0
  #socket: Socket | undefined
  #bytesUp = 0
  #bytesDown = 0

  /** Counts a new connection; the previous one has ended. */
  begin(socket: Socket): void {
    this.#bytesUp += this.#socket?.bytesWritten ?? 0
    this.#bytesDown += this.#socket?.bytesRead ?? 0
    this.#socket = socket
    socket.once('connect', () => {
      this.#connections += 1
    })
  }

  counts(): ClientCounts {
    const { requests, empty, refused } = this
    return {
      ...{ requests, empty, refused },
      reconnects: Math.max(0, this.#connections - 1),
      bytesUp: this.#bytesUp + (this.#socket?.bytesWritten ?? 0),
      bytesDown: this.#bytesDown + (this.#socket?.bytesRead ?? 0),
    }
  }
}
