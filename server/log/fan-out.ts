/** Who is told that a stream has moved: a follower, or one who waits. `isDue` belongs to the fan-out. */
export type Due = { isDue: boolean; moved(): void }

/**
 * How long the fan-outs of this process together keep the event loop at a time, in ms. To 19,000 event streams one
 * event takes about 200 ms of writes: in one go, every other request would wait as long.
 */
const sliceMs = 8

/** How many are told between two looks at the clock. */
const stride = 16

/**
 * Tells whoever is due, in the order in which they became so, a slice in each turn of the event loop, and the fan-outs
 * of several streams by turns. Who becomes due while waiting to be told is told once, and finds all there is.
 */
export class FanOut {
  #round: Due[] = []
  #told = 0
  #nextRound: Due[] = []

  /** Puts somebody in the line; `start` sets it going. */
  add(due: Due): void {
    if (due.isDue) return
    due.isDue = true
    this.#nextRound.push(due)
  }

  /** Tells the first at once, unless this turn has had its slice. */
  start(): void {
    if (this.#nextRound.length === 0) return
    waiting.add(this)
    if (nextTurn === undefined) beginTurn()
    else if (!isAtWork && performance.now() < sliceEndsAt) work()
  }

  /** Tells some. Whether others are left. */
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
    // Its last round would keep in memory who has left since.
    this.#round = []
    this.#told = 0
    return false
  }
}

/** The fan-outs that have somebody left to tell, the next first. There is one event loop, and so one line for it. */
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

/** One step, and the next as a microtask: so the clock sees what those who wait do in promises of theirs. */
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
