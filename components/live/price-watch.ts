import type { WireTicks } from '#server/protocol/trading.ts'
import type { Carrier } from './carrier.ts'

export type TicksListener = (event: WireTicks) => void

type Watcher = { symbols: ReadonlySet<string>; listener: TicksListener }

const patienceMs = 10_000

/**
 * The prices that this page watches, whatever carries them: asked for anew on each carrier, with a fresh snapshot, and
 * left alone while nobody sees the page.
 */
export function createPriceWatch() {
  const watchers = new Set<Watcher>()
  let carrier: Carrier | undefined
  let seen = true
  let asked: ReadonlySet<string> = new Set()

  function settle() {
    if (!carrier) return
    const wanted = seen ? new Set([...watchers].flatMap(({ symbols }) => [...symbols])) : new Set<string>()
    const before = asked
    asked = wanted
    const gone = [...before].filter((symbol) => !wanted.has(symbol))
    if (gone.length > 0) {
      void carrier.send('prices:unwatch', wanted.size === 0 ? {} : { symbols: gone }, patienceMs)
    }
    if ([...wanted].some((symbol) => !before.has(symbol))) void watch(carrier, [...wanted])
  }

  async function watch(by: Carrier, symbols: string[]) {
    const sent = await by.send('prices:watch', { symbols }, patienceMs)
    if (carrier === by && sent.state === 'done') tell(sent.value.snapshot)
  }

  function tell(event: WireTicks) {
    for (const { symbols, listener } of watchers) {
      // Most pages have one watcher, which wants all that is watched: nothing to choose then.
      const all = symbols.size === asked.size
      const ticks = all ? event.ticks : event.ticks.filter(([symbol]) => symbols.has(symbol))
      if (ticks.length > 0) listener(all ? event : { ...event, ticks })
    }
  }

  return {
    add(symbols: readonly string[], listener: TicksListener): { stop(): void } {
      const watcher = { symbols: new Set(symbols), listener }
      watchers.add(watcher)
      // One that comes to what is watched already needs the snapshot too.
      asked = new Set()
      settle()
      return {
        stop() {
          if (watchers.delete(watcher)) queueMicrotask(settle)
        },
      }
    },
    carry(next: Carrier | undefined) {
      carrier = next
      asked = new Set()
      settle()
    },
    look(isSeen: boolean) {
      seen = isSeen
      settle()
    },
    tell,
  }
}
