import type { Socket } from 'node:net'

/** Beyond this the source is read no further: what a line holds is bounded, and its sender feels it. */
const heldAtMostBytes = 1_048_576

/** One direction of a connection: what comes from one socket goes to the other, late if need be, always in order. */
export type Conduit = {
  /** Whether it carries, or keeps everything where it is. */
  carry(on: boolean): void
  /** Forgets what is on the way. */
  drop(): void
}

type Piece = { chunk: Buffer | 'end'; dueMs: number }

/** Carries nothing until it is told to; each piece is late by what `delayMs` says for it, and `passed` counts it. */
export function conduit(
  from: Socket,
  to: Socket,
  delayMs: () => number,
  passed: (bytes: number) => void,
): Conduit {
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
