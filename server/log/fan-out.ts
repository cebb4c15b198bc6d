/** Something to notify when a stream moves: a follower or a waiter. `isDue` is managed by the fan-out. */
export type Due = { isDue: boolean; moved(): void }

/**
 * How long all fan-outs of this process together may block the event loop at a time, in ms. Writing one event to 19,000
 * event streams takes about 200 ms: in one go, it would delay every other request as long.
 */
const sliceMs = 8

/** How many are notified between two looks at the clock. */
const stride = 16

/**
 * Notifies subscribers in the order in which they were added, one slice per turn of the event loop, alternating between
 * the fan-outs of several streams. A subscriber added again while it waits is notified once and finds everything then.
 */
export class FanOut {
  #round: Due[] = []
  #told = 0
  #nextRound: Due[] = []

  /** Queues a subscriber; `start` begins to notify. */
  add(due: Due): void {
    if (due.isDue) return
    due.isDue = true
    this.#nextRound.push(due)
  }

  /** Notifies the first ones at once, unless this turn has used up its slice. */
  start(): void {
    if (this.#nextRound.length === 0) return
    waiting.add(this)
    if (nextTurn === undefined) beginTurn()
    else if (!isAtWork && performance.now() < sliceEndsAt) work()
  }

  /** Notifies the next few. True while others are left. */
  step(): boolean {
    if (this.#told === this.#round.length) {
      this.#round = this.#nextRound
      this.#nextRound = []
      this.#told = 0
    }
    const end = Math.min(this.#told + stride, this.#round.length)
    for (; this.#told < end; this.#told += 1) {
      const due = this.#round[this.#told]
      if (!due) continue
      due.isDue = false
      due.moved()
    }
    if (this.#told < this.#round.length || this.#nextRound.length > 0) return true
    // Otherwise the last round would keep subscribers in memory that have left since.
    this.#round = []
    this.#told = 0
    return false
  }
}

/** The fan-outs with subscribers left to notify, next one first. There is one event loop, hence one queue for all. */
const waiting = new Set<FanOut>()
let nextTurn: NodeJS.Immediate | undefined
let sliceEndsAt = 0
let isAtWork = false

function beginTurn(): void {
  sliceEndsAt = performance.now() + sliceMs
  nextTurn = setImmediate(() => {
    nextTurn = undefined
    if (waiting.size > 0) beginTurn()
  })
  work()
}

/**
 * Runs one step and queues the next as a microtask, so that the clock includes what subscribers do in their promises.
 */
function work(): void {
  isAtWork = true
  const [fanOut] = waiting
  if (fanOut) {
    waiting.delete(fanOut)
    if (fanOut.step()) waiting.add(fanOut)
  }
  isAtWork = waiting.size > 0 && performance.now() < sliceEndsAt
  if (isAtWork) queueMicrotask(work)
}
