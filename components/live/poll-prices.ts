import type { WireInstrument, WireTicks } from '#server/protocol/trading.ts'
import { ask, type Wire } from './ask.ts'

const everyMs = 2_000

/** Asks for all prices every 2 s and gives those of `symbols` as ticks, until `signal` aborts; the first is awaited. */
export async function pollPrices(
  symbols: () => ReadonlySet<string>,
  wire: Wire,
  signal: AbortSignal,
  hear: (event: WireTicks) => void,
): Promise<void> {
  let etag: string | undefined
  while (!signal.aborted) {
    const answer = await ask<WireInstrument[]>({ url: '/api/instruments', etag }, 0, wire, signal)
    if (signal.aborted) return
    if (answer.type === 'news') {
      etag = answer.etag
      hear(ticksOf(answer.value, symbols(), wire.clock.now()))
    }
    await wire.clock.sleep(everyMs, signal)
  }
}

function ticksOf(
  instruments: readonly WireInstrument[],
  symbols: ReadonlySet<string>,
  nowMs: number,
): WireTicks {
  return {
    at: new Date(nowMs).toISOString(),
    ticks: instruments
      .filter(({ symbol }) => symbols.has(symbol))
      .map(({ symbol, bidMinor, askMinor, lastMinor, size }) => [
        symbol,
        bidMinor,
        askMinor,
        lastMinor,
        size,
      ]),
  }
}
