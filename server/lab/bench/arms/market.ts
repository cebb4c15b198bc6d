import { instruments } from '#server/domain/trading/instruments.ts'
import { epochMs } from '#server/lab/bench/made-tick.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { keepJournal } from './journal.ts'

const totalActivity = instruments.reduce((sum, { activity }) => sum + activity, 0)

/**
 * The market of the arms that have none of their own: the same instruments, as often as in ours, at an even rate and
 * one a turn of the event loop, from the word `open` on.
 */
export function openMarket(perSecond: number, onTick: (tick: WireTick) => void): void {
  const journal = keepJournal()
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
