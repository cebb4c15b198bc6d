import { epochMs, type MadeTick } from '#server/lab/bench/made-tick.ts'
import type { WireTick } from '#server/protocol/trading.ts'

/** Which ticks a market has made, and when; handed over at the channel's word `journal`. */
export function keepJournal(): { note(tick: WireTick, dueAtMs?: number): void } {
  const made: MadeTick[] = []
  process.on('message', (word) => {
    if (word === 'journal') process.send?.(made)
  })
  return { note: (tick, dueAtMs = epochMs()) => void made.push({ tick, dueAtMs, madeAtMs: epochMs() }) }
}
