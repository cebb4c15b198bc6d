import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { WireTicks } from '#server/protocol/trading.ts'
import type { Carrier } from './carrier.ts'
import { isRequest, sendOverHttp } from './command-over-http.ts'
import type { Following } from './following.ts'
import { pollFollowing, type WayThere } from './poll-following.ts'
import { pollPrices } from './poll-prices.ts'
import type { Sent } from './send-json.ts'
import { streamFollowing } from './stream-following.ts'
import type { StreamOptions } from './stream-options.ts'

type Options = Omit<StreamOptions, 'signal'> & WayThere & { ticks(event: WireTicks): void }

/**
 * What a socket does, without one: streams by Server-Sent Events, those in the background by a poll now and then,
 * commands as requests, prices by a poll.
 */
export function httpCarrier(options: Options): Carrier {
  const { fetch, clock } = options
  const over = new AbortController()
  const served = new Map<Following, AbortController>()
  const watched = new Set<string>()
  let prices = new AbortController()

  function follow(following: Following) {
    served.get(following)?.abort()
    const own = new AbortController()
    served.set(following, own)
    const signal = AbortSignal.any([over.signal, own.signal])
    void (following.background ? pollFollowing : streamFollowing)(following, { ...options, signal })
  }

  function watch(symbols: readonly string[]): Promise<WireTicks | undefined> {
    for (const symbol of symbols) watched.add(symbol)
    prices.abort()
    const own = new AbortController()
    prices = own
    const signal = AbortSignal.any([over.signal, own.signal])
    return new Promise((resolve) => {
      let first = true
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
      void pollPrices(
        () => watched,
        { fetch, clock },
        signal,
        (event) => {
          if (first) resolve(event)
          else options.ticks(event)
          first = false
        },
      )
    })
  }

  function unwatch(symbols: readonly string[] = [...watched]) {
    for (const symbol of symbols) watched.delete(symbol)
    if (watched.size === 0) prices.abort()
  }

  async function answerTo(name: CommandName, command: Command<CommandName>): Promise<Sent<object>> {
    switch (name) {
      case 'prices:watch': {
        const snapshot = await watch((command as Command<'prices:watch'>).symbols)
        return snapshot ? done({ snapshot }) : { state: 'unanswered' }
      }
      case 'prices:unwatch':
        unwatch((command as Command<'prices:unwatch'>).symbols)
    }
    // Typing is for those who are there now: without a socket nobody is told.
    return done({})
  }

  return {
    follow,
    lighten: follow,
    unfollow(following) {
      served.get(following)?.abort()
      served.delete(following)
    },
    async send<Name extends CommandName>(name: Name, command: Command<Name>, timeoutMs: number) {
      if (!isRequest(name)) return (await answerTo(name, command)) as Sent<CommandResults[Name]>
      const answered = new AbortController()
      const late = new AbortController()
      void clock.sleep(timeoutMs, answered.signal).then(() => late.abort())
      const patient: typeof fetch = (url, init) => fetch(url, { ...init, signal: late.signal })
      try {
        return (await sendOverHttp(patient, name, command)) as Sent<CommandResults[Name]>
      } finally {
        answered.abort()
      }
    },
    end: () => over.abort(),
  }
}

function done(value: object): Sent<object> {
  return { state: 'done', value, replayed: false }
}
