import { instruments } from '#server/domain/trading/instruments.ts'
import { mostBehindMs, pace } from '#server/domain/trading/price-service.ts'
import type { WireTick } from '#server/protocol/trading.ts'

const totalActivity = instruments.reduce((sum, { activity }) => sum + activity, 0)

/**
 * The market of the arms that have none of their own: the same instruments, as often as in ours and at the same pace, from
 * the word `open` on.
 */
export function openMarket(perSecond: number, onTick: (tick: WireTick) => void): void {
  const journal = createTickJournal(perSecond)
  const lastMinor = new Map(instruments.map(({ symbol, startMinor }) => [symbol, startMinor]))
  let made = 0

  function makeTick() {
    const symbol = someSymbol()
    const last = Math.max(100, (lastMinor.get(symbol) ?? 0) + Math.round(Math.random() * 20 - 10))
    lastMinor.set(symbol, last)
    made += 1
    const tick: WireTick = [symbol, last - 2, last + 2, last, 1 + (made % 1_000)]
    journal.note(tick)
    onTick(tick)
  }

  process.on('message', (word) => {
    if (word === 'open') pace(perSecond, makeTick)
  })
}

function someSymbol(): string {
  let left = Math.random() * totalActivity
  for (const { symbol, activity } of instruments) {
    left -= activity
    if (left <= 0) return symbol
  }
  return ''
}

/** A tick of a market, when it was due there and when it was made, on the clock of `epochMs`. */
export type MadeTick = { tick: WireTick; dueAtMs: number; madeAtMs: number }

/** Epoch time finer than a millisecond, the same for all processes of a machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}

/** Which ticks a market that is paced by `pace` has made, and when; handed over at the channel's word `journal`. */
export function createTickJournal(perSecond: number): { note(tick: WireTick): void } {
  const made: MadeTick[] = []
  const dueOf = createDueTimes(perSecond)
  process.on('message', (word) => {
    if (word === 'journal') process.send?.(made)
  })
  return {
    note(tick) {
      const madeAtMs = epochMs()
      made.push({ tick, dueAtMs: dueOf(madeAtMs), madeAtMs })
    },
  }
}

/**
 * When each tick was due, from when they were made, one by one: `pace` makes those of 10 ms at once, and after a block all
 * that it owes, but for what is more than half a second late.
 */
export function createDueTimes(perSecond: number): (madeAtMs: number) => number {
  let nextDueMs = Number.POSITIVE_INFINITY
  return (madeAtMs) => {
    const dueAtMs = Math.max(Math.min(nextDueMs, madeAtMs), madeAtMs - mostBehindMs)
    nextDueMs = dueAtMs + 1_000 / perSecond
    return dueAtMs
  }
}
