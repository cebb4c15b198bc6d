import { instruments } from '#server/domain/trading/instruments.ts'
import type { WireTick } from '#server/protocol/trading.ts'

const totalActivity = instruments.reduce((sum, { activity }) => sum + activity, 0)

/**
 * The market of the arms that have none of their own: the same instruments, as often as in ours, at an even rate and
 * one a turn of the event loop, from the word `open` on.
 */
export function openMarket(perSecond: number, onTick: (tick: WireTick) => void): void {
  const journal = createTickJournal()
  const lastMinor = new Map(instruments.map(({ symbol, startMinor }) => [symbol, startMinor]))
  let made = 0
  let startedAt = 0

  function turn() {
    const dueAt = startedAt + (made * 1_000) / perSecond
    const inMs = dueAt - epochMs()
    if (inMs > 0) return void setTimeout(turn, inMs)
    const symbol = someSymbol()
    const last = Math.max(100, (lastMinor.get(symbol) ?? 0) + Math.round(Math.random() * 20 - 10))
    lastMinor.set(symbol, last)
    made += 1
    const tick: WireTick = [symbol, last - 2, last + 2, last, 1 + (made % 1_000)]
    journal.note(tick, dueAt)
    onTick(tick)
    setImmediate(turn)
  }

  process.on('message', (word) => {
    if (word !== 'open') return
    startedAt = epochMs()
    turn()
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

/** Which ticks a market has made, and when; handed over at the channel's word `journal`. */
export function createTickJournal(): { note(tick: WireTick, dueAtMs?: number): void } {
  const made: MadeTick[] = []
  process.on('message', (word) => {
    if (word === 'journal') process.send?.(made)
  })
  return { note: (tick, dueAtMs = epochMs()) => void made.push({ tick, dueAtMs, madeAtMs: epochMs() }) }
}
