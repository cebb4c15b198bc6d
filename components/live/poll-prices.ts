import type { WireInstrument, WireTick, WireTicks } from '#server/protocol/trading.ts'
import { ask, type Wire } from './ask.ts'
import { serverLagMs } from './server-clock.ts'

const everyMs = 2_000

/**
 * Asks for all prices every 2 s, until `signal` aborts, and gives those of `symbols` as ticks: first all of them, then
 * what has changed.
 */
export async function pollPrices(
  symbols: () => ReadonlySet<string>,
  wire: Wire,
  signal: AbortSignal,
  hear: (event: WireTicks) => void,
): Promise<void> {
  const known = new Map<string, string>()
  let etag: string | undefined
  while (!signal.aborted) {
    const answer = await ask<WireInstrument[]>({ url: '/api/instruments', etag }, 0, wire, signal)
    if (signal.aborted) return
    if (answer.type === 'news') {
      etag = answer.etag
      const ticks = answer.value.map(tickOf).filter((tick) => symbols().has(tick[0]) && isNew(tick))
      if (ticks.length > 0) hear({ at: new Date(wire.clock.now() - serverLagMs()).toISOString(), ticks })
    }
    await wire.clock.sleep(everyMs, signal)
  }

  function isNew(tick: WireTick): boolean {
    const [symbol] = tick
    const text = tick.join()
    if (known.get(symbol) === text) return false
    known.set(symbol, text)
    return true
  }
}

function tickOf({ symbol, bidMinor, askMinor, lastMinor, size }: WireInstrument): WireTick {
  return [symbol, bidMinor, askMinor, lastMinor, size]
}
