import type { Socket } from 'node:net'

/** In which directions a line carries. */
export type Flow = { there: boolean; back: boolean }

/** What a line does to each connection: how late a chunk is, and for how long it may be silent. */
export type LinkOptions = { delayMs?: () => number; idleMs?: number }

/** How much has passed on the client's side. */
type ByteCounts = { up: number; down: number }

/** Two sockets as one connection. */
export type JoinedSockets = { carry(flow: Flow): void; cut(): void }

/** Joins a client's socket to the server's: what ends or breaks one does so to the other. */
export function joinSockets(
  near: Socket,
  far: Socket,
  manner: LinkOptions,
  passed: ByteCounts,
): JoinedSockets {
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

/** Beyond this the source is read no further: what a line holds is bounded, and its sender feels it. */
const heldAtMostBytes = 1_048_576

/** One direction of a connection: what comes from one socket goes to the other, late if need be, always in order. */
type Conduit = {
  /** Whether it carries, or keeps everything where it is. */
  carry(on: boolean): void
  /** Forgets what is on the way. */
  drop(): void
}

type Piece = { chunk: Buffer | 'end'; dueMs: number }

/** Carries nothing until it is told to; each piece is late by what `delayMs` says for it, and `passed` counts it. */
function conduit(from: Socket, to: Socket, delayMs: () => number, passed: (bytes: number) => void): Conduit {
  const onTheWay: Piece[] = []
  let heldBytes = 0
  let carries = false
  let isFull = false
  let timer: NodeJS.Timeout | undefined

  // Not `pipe`: it resumes its source by itself whenever the destination drains, and a frozen line must stay frozen.
  function flow() {
    const wants = carries && !isFull && heldBytes < heldAtMostBytes
    if (wants) from.resume()
    else from.pause()
  }

  function take(chunk: Piece['chunk']) {
    // Never before what was said earlier, whatever the jitter.
    const dueMs = Math.max(performance.now() + delayMs(), onTheWay.at(-1)?.dueMs ?? 0)
    onTheWay.push({ chunk, dueMs })
    if (chunk !== 'end') heldBytes += chunk.length
    give()
  }

  function give() {
    clearTimeout(timer)
    for (let next = onTheWay[0]; next && carries && !isFull; next = onTheWay[0]) {
      const restMs = next.dueMs - performance.now()
      if (restMs > 0) {
        timer = setTimeout(give, Math.ceil(restMs))
        break
      }
      onTheWay.shift()
      pass(next.chunk)
    }
    flow()
  }

  function pass(chunk: Piece['chunk']) {
    if (chunk === 'end') return void to.end()
    heldBytes -= chunk.length
    passed(chunk.length)
    isFull = !to.write(chunk)
  }

  from.pause()
  from.on('data', take)
  from.once('end', () => take('end'))
  to.on('drain', () => {
    isFull = false
    give()
  })
  return {
    carry(on) {
      carries = on
      give()
    },
    drop() {
      clearTimeout(timer)
      onTheWay.length = 0
    },
  }
}
