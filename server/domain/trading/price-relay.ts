import type pg from 'pg'
import type { Backplane } from '#server/backplane/backplane.ts'
import { framesPerSecond } from '#server/protocol/socket.ts'
import { type PriceFrame, shareLatestPrices, takePrices, wantEveryMs, wantedForMs } from './latest-prices.ts'
import type { PriceBoard } from './price-board.ts'

type PriceRelay = { close(): Promise<void> }

type Parts = {
  pool: Pick<pg.Pool, 'query'>
  backplane: Pick<Backplane, 'publish' | 'sent' | 'subscribe' | 'onReconnect'>
  board: PriceBoard
  /** The term in which this process makes the prices; undefined while another does. */
  term(): number | undefined
}

const frameMs = 1_000 / framesPerSecond

/**
 * Carries prices over the backplane from the process that makes them to the others. Those repeat every 5 s that they
 * want prices; nothing is published while none does. Publishes only changes, at most 20 times a second.
 */
export function createPriceRelay({ pool, backplane, board, term }: Parts): PriceRelay {
  let wantedUntil = 0
  let heardAt = Number.NEGATIVE_INFINITY
  let published = 0
  let sending: Promise<void> | undefined

  // Every process listens for requests, so that a new leader knows at once whether prices are wanted.
  const subscriptions = [
    backplane.subscribe('prices-wanted', wanted),
    backplane.subscribe('prices', (message) => {
      if (takePrices(board, term, message)) heardAt = performance.now()
    }),
  ]
  const latest = shareLatestPrices({
    ...{ pool, board, term },
    heardAt: () => heardAt,
    isWanted: () => performance.now() <= wantedUntil,
    onWanted: wanted,
  })
  Promise.all(subscriptions).then(want)
  backplane.onReconnect(want)
  const wanting = setInterval(want, wantEveryMs).unref()
  const publishing = setInterval(publish, frameMs).unref()

  function wanted() {
    const now = performance.now()
    // A new reader has no prices yet, and some may not move for long: publish all of them.
    if (now > wantedUntil) published = 0
    wantedUntil = now + wantedForMs
  }

  function want() {
    if (term() === undefined) backplane.publish('prices-wanted', '')
  }

  function publish() {
    const mine = term()
    // One message at a time: newer prices replace those that wait.
    if (mine === undefined || performance.now() > wantedUntil || sending) return
    const ticks = board.changedSince(published, board.symbols)
    if (ticks.length === 0) return
    published = board.version()
    backplane.publish('prices', JSON.stringify({ term: mine, ticks } satisfies PriceFrame))
    sending = backplane.sent().finally(() => {
      sending = undefined
    })
  }

  return {
    async close() {
      clearInterval(wanting)
      clearInterval(publishing)
      for (const leave of await Promise.all(subscriptions)) leave()
      await Promise.all([sending, latest.close()])
    },
  }
}
