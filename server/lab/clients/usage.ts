import type { Socket } from 'node:net'
import type { ClientCounts } from './client.ts'

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
