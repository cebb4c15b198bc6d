import { fullJitterMs } from '#server/protocol/reconnect.ts'
import type { WireTicks } from '#server/protocol/trading.ts'
import type { Clock } from './clock.ts'
import type { Transport } from './transport.ts'

export type TicksListener = (event: WireTicks) => void

type Watcher = { symbols: ReadonlySet<string>; listener: TicksListener }

const patienceMs = 10_000

/**
 * The prices that this page watches: resubscribed on each new transport, with a fresh snapshot, and paused while the
 * page is hidden.
 */
export function createPriceWatch(clock: Clock, random: () => number) {
  const watchers = new Set<Watcher>()
  let transport: Transport | undefined
  let seen = true
  let asked: ReadonlySet<string> = new Set()
  let round = 0
  let rest = new AbortController()

  /** `fresh`: request a snapshot even for symbols already watched. */
  function settle(fresh = false) {
    if (!transport) return
    const wanted = seen ? new Set([...watchers].flatMap(({ symbols }) => [...symbols])) : new Set<string>()
    const before = asked
    asked = wanted
    const gone = [...before].filter((symbol) => !wanted.has(symbol))
    if (gone.length > 0) {
      void transport.send('prices:unwatch', wanted.size === 0 ? {} : { symbols: gone }, patienceMs)
    }
    if (fresh || [...wanted].some((symbol) => !before.has(symbol))) void watch(transport)
  }

  async function watch(by: Transport) {
    const own = ++round
    for (let tries = 1; transport === by && round === own && asked.size > 0; tries += 1) {
      const sent = await by.send('prices:watch', { symbols: [...asked] }, patienceMs)
      // Superseded by a later subscription.
      if (transport !== by || round !== own) return
      if (sent.state === 'done') return tell(sent.value.snapshot)
      if (sent.state === 'refused' && sent.problem.status < 429 && sent.problem.status !== 408) return
      await clock.sleep(fullJitterMs(tries, random), rest.signal)
    }
  }

  function tell(event: WireTicks) {
    for (const { symbols, listener } of watchers) {
      // Most pages have a single watcher, which gets everything.
      const all = symbols.size === asked.size
      const ticks = all ? event.ticks : event.ticks.filter(([symbol]) => symbols.has(symbol))
      if (ticks.length > 0) listener(all ? event : { ...event, ticks })
    }
  }

  return {
    add(symbols: readonly string[], listener: TicksListener): { stop(): void } {
      const watcher = { symbols: new Set(symbols), listener }
      watchers.add(watcher)
      settle(true)
      return {
        stop() {
          if (watchers.delete(watcher)) queueMicrotask(() => settle())
        },
      }
    },
    switchTo(next: Transport | undefined) {
      transport = next
      asked = new Set()
      rest.abort()
      rest = new AbortController()
      settle()
    },
    look(isSeen: boolean) {
      seen = isSeen
      settle()
    },
    tell,
  }
}
