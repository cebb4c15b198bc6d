import { connect, type Socket } from 'node:net'
import type { Going } from './client.ts'

/** What a connection tells: bytes are only lent, for as long as the call lasts. `lost` comes once, whatever ended it. */
export type Hearing = { open(): void; bytes(bytes: Buffer): void; lost(): void }

/** How long an answer may take before its line counts as dead: the slowest of the lab carries it in 20 s. */
export const answerMs = 25_000

/** All connections read into it: thousands of buffers would weigh more than the connections. */
const received = Buffer.allocUnsafe(65_536)

/** Opens a bare connection to where a client goes. After `cutSocket` it tells nothing more. */
export function openSocket(going: Going, hearing: Hearing): Socket {
  const socket: Socket = connect({
    ...addressOf(going),
    onread: {
      buffer: received,
      callback: (bytes) => {
        hearing.bytes(received.subarray(0, bytes))
        return !socket.destroyed
      },
    },
  })
  socket.once('connect', () => hearing.open())
  socket.on('error', () => socket.destroy())
  // Ended by the other side: there is nothing more to say to it either.
  socket.once('end', () => socket.destroy())
  socket.once('close', () => hearing.lost())
  return socket
}

/** Ends a connection at once, unheard, by a reset that leaves no port waiting. */
export function cutSocket(socket: Socket): void {
  socket.removeAllListeners('close')
  socket.resetAndDestroy()
}

/** For `net.connect`. */
export function addressOf({ port, host = '127.0.0.1', localAddress }: Going) {
  return { port, host, noDelay: true, ...(localAddress !== undefined && { localAddress }) }
}
