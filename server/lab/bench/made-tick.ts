import type { WireTick } from '#server/protocol/trading.ts'

/** A tick of a market, when it was due there and when it was made, on the clock of `epochMs`. */
export type MadeTick = { tick: WireTick; dueAtMs: number; madeAtMs: number }

/** Epoch time finer than a millisecond, the same for all processes of a machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}
