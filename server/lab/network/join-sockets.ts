import type { Socket } from 'node:net'

/** The directions in which a link carries data. */
export type Flow = { there: boolean; back: boolean }

/** What a link does to each connection: the delay of each chunk, and the idle timeout, in ms. */
export type LinkOptions = { delayMs?: () => number; idleMs?: number }

/** Bytes passed, on the client's side. */
type ByteCounts = { up: number; down: number }

/** Two sockets joined into one connection. */
export type JoinedSockets = { carry(flow: Flow): void; cut(): void }

/** Joins a client's socket to the server's: when one ends or breaks, so does the other. */
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

/** Beyond this the source is paused: what a link holds is bounded, and the sender gets backpressure. */
const heldAtMostBytes = 1_048_576

/** One direction of a connection: forwards from one socket to the other, delayed if configured, always in order. */
type Conduit = {
  /** Whether it carries data, or holds everything. */
  carry(on: boolean): void
  /** Drops what is in flight. */
  drop(): void
}

type Piece = { chunk: Buffer | 'end'; dueMs: number }

/** Carries nothing until told to; `delayMs` is the delay of each piece, and `passed` counts its bytes. */
function conduit(from: Socket, to: Socket, delayMs: () => number, passed: (bytes: number) => void): Conduit {
  const onTheWay: Piece[] = []
  let heldBytes = 0
  let carries = false
  let isFull = false
  let timer: NodeJS.Timeout | undefined

  // Not `pipe`, which resumes its source whenever the destination drains: a frozen link must stay frozen.
  function flow() {
    const wants = carries && !isFull && heldBytes < heldAtMostBytes
    if (wants) from.resume()
    else from.pause()
  }

  function take(chunk: Piece['chunk']) {
    // Never before earlier data, whatever the jitter.
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
