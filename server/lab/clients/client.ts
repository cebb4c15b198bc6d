import type { Socket } from 'node:net'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import type { ResetReason, WireEntry } from '#server/protocol/streams.ts'

/** What a client hears, whichever delivery brings it. `cursor` is the place after the entry. */
export type ClientEvent =
  | { type: 'entry'; entry: WireEntry; cursor: string }
  | { type: 'reset'; head: string; reason: ResetReason }
  | { type: 'refused'; status: number; slug: string }

/** Where a client goes, as whom, and from where on. Without `after`: from the start of retention. */
export type ClientOptions = {
  port: number
  host?: string
  /** Many connections from one address would run out of ports. */
  localAddress?: string
  cookie: string
  stream: string
  after?: string
  /** Of short polling; other deliveries ignore it. */
  pollMs?: number
  /** Called once, when it has been let in and has what was there by then. */
  letIn?(): void
}

/** What a client has used so far, over all its connections; bytes are on the socket, headers included. */
type ClientCounts = Pick<
  CrowdFigures,
  'requests' | 'empty' | 'reconnects' | 'refused' | 'bytesUp' | 'bytesDown'
>

/** One client of a delivery, on bare sockets. It comes back by itself after whatever ends its connection. */
export type LabClient = {
  counts(): ClientCounts
  /** Whether it has been let in, has what was there by then, and waits for what comes or for its next poll. */
  isOpen(): boolean
  /** Cuts its connection at once and does not come back. */
  close(): void
}

/** Starts a client; `hear` is called for each thing as it is parsed, in the order of the wire. */
export type OpenClient = (going: ClientOptions, hear: (heard: ClientEvent) => void) => LabClient

/** What a client uses, over all its connections, one at a time: bytes are what its sockets say that they carried. */
export class Usage {
  requests = 0
  empty = 0
  refused = 0
  #connections = 0
  #socket: Socket | undefined
  #bytesUp = 0
  #bytesDown = 0

  /** Counts a new connection; the one before has ended. */
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
