import type { WireTick } from '#server/protocol/trading.ts'

/** A tick of a market and when it was due there, on the clock of `epochMs`. */
export type MadeTick = { tick: WireTick; atMs: number }

/** Epoch time finer than a millisecond, the same for all processes of a machine. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now()
}
