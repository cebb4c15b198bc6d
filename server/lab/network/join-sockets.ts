import type { Socket } from 'node:net'
import { conduit } from './conduit.ts'

/** In which directions a line carries. */
export type Flow = { there: boolean; back: boolean }

/** What a line does to each connection: how late a chunk is, and for how long it may be silent. */
export type Manner = { delayMs?: () => number; idleMs?: number }

/** How much has passed on the client's side. */
export type Passed = { up: number; down: number }

/** Two sockets as one connection. */
export type Joined = { carry(flow: Flow): void; cut(): void }

/** Joins a client's socket to the server's: what ends or breaks one does so to the other. */
export function joinSockets(near: Socket, far: Socket, manner: Manner, passed: Passed): Joined {
  const { delayMs = () => 0, idleMs } = manner
  const there = conduit(near, far, delayMs, () => undefined)
  const back = conduit(far, near, delayMs, (bytes) => {
    passed.down += bytes
  })
  near.on('data', (chunk) => {
    passed.up += chunk.length
  })

  const cut = () => {
    there.drop()
    back.drop()
    for (const socket of [near, far]) if (!socket.destroyed) socket.resetAndDestroy()
  }
  for (const socket of [near, far]) {
    socket.once('error', cut)
    socket.once('close', () => {
      if (!socket.readableEnded) cut()
    })
  }
  // The client's socket sees both directions.
  if (idleMs !== undefined) near.setTimeout(idleMs, cut)

  return {
    cut,
    carry(flow) {
      there.carry(flow.there)
      back.carry(flow.back)
    },
  }
}
