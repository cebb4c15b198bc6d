import type pg from 'pg'
import { z } from 'zod'
import type { Backplane } from '#server/backplane/backplane.ts'
import { framesPerSecond } from '#server/protocol/socket.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

type PriceRelay = { close(): Promise<void> }

type Parts = {
  pool: Pick<pg.Pool, 'query'>
  backplane: Pick<Backplane, 'publish' | 'sent' | 'subscribe' | 'onReconnect'>
  board: PriceBoard
  /** The term for which the prices are made in this process; undefined while another makes them. */
  term(): number | undefined
}

const frameMs = 1_000 / framesPerSecond
const checkMs = 1_000
/** Prices that have not come over the backplane for so long are looked for in Postgres. */
const silentMs = 1_500
const wantEveryMs = 5_000
const wantedForMs = 15_000
/** A leader that has been silent for so long is not waited for: its term does not count any more. */
const goneMs = 10_000

const frameSchema = z.object({
  term: z.int(),
  ticks: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.int()])),
})

/**
 * Brings prices from the process that makes them to the others, over the backplane. Those say every 5 s that they want
 * them; while nobody does, none are published. What is published is what has changed, at most 20 times a second.
 *
 * Where nothing comes for 1.5 s the latest prices are read once a second, from a row that their maker writes while
 * somebody wants them. Wants are in that row too, so neither side depends on what it hears.
 */
export function createPriceRelay({ pool, backplane, board, term }: Parts): PriceRelay {
  let wantedUntil = 0
  let askedAt = Number.NEGATIVE_INFINITY
  let heardAt = Number.NEGATIVE_INFINITY
  let readLast = ''
  let published = 0
  let kept = 0
  let keptAt = Number.NEGATIVE_INFINITY
  let sending: Promise<void> | undefined
  let checking: Promise<unknown> | undefined

  // Everybody hears who wants prices: whoever takes over the making of them need not be asked first.
  const subscriptions = [
    backplane.subscribe('prices-wanted', wanted),
    backplane.subscribe('prices', (message) => {
      if (take(frameOf(message))) heardAt = performance.now()
    }),
  ]
  backplane.onReconnect(want)
  const checks = setInterval(() => {
    checking ??= check().finally(() => {
      checking = undefined
    })
  }, checkMs).unref()
  const publishing = setInterval(publish, frameMs).unref()

  function wanted() {
    const now = performance.now()
    // Whoever comes anew has no price at all, and of some none may move for long.
    if (now > wantedUntil) published = 0
    wantedUntil = now + wantedForMs
  }

  function want() {
    if (term() !== undefined) return
    askedAt = performance.now()
    backplane.publish('prices-wanted', '')
  }

  function take(frame: Frame | undefined): boolean {
    if (!frame || !board.admits(frame.term) || term() !== undefined) return false
    for (const tick of frame.ticks) board.set(tick)
    return true
  }

  function publish() {
    const mine = term()
    // What is under way first: newer prices take the place of those that wait.
    if (mine === undefined || performance.now() > wantedUntil || sending) return
    const ticks = board.changedSince(published, board.symbols)
    if (ticks.length === 0) return
    published = board.version()
    backplane.publish('prices', JSON.stringify({ term: mine, ticks } satisfies Frame))
    sending = backplane.sent().finally(() => {
      sending = undefined
    })
  }

  async function check() {
    const mine = term()
    try {
      if (mine !== undefined) return await keep(mine)
      const now = performance.now()
      if (now - askedAt >= wantEveryMs) want()
      if (now - heardAt > silentMs) await lookUp()
    } catch {
      // Postgres is away: the next check asks again.
    }
  }

  /** Writes down what has moved since, for those who want it and do not hear; seldom looks whether anybody does. */
  async function keep(mine: number) {
    const now = performance.now()
    const version = board.version()
    if (version === kept || (now > wantedUntil && now - keptAt < wantEveryMs)) return
    keptAt = now
    const { rowCount } = await pool.query(
      `UPDATE latest_prices SET term = $1, ticks = $2, at = clock_timestamp()
       WHERE "wantedAt" > clock_timestamp() - $3 * interval '1 ms'
         AND (term <= $1 OR at < clock_timestamp() - $4 * interval '1 ms')`,
      [mine, JSON.stringify(board.changedSince(0, board.symbols)), wantedForMs, goneMs],
    )
    kept = version
    if (rowCount) wanted()
  }

  async function lookUp() {
    const { rows } = await pool.query<{ frame: string; at: string }>(
      `WITH asked AS (
         UPDATE latest_prices SET "wantedAt" = clock_timestamp()
         WHERE "wantedAt" < clock_timestamp() - $1 * interval '1 ms'
       )
       SELECT json_build_object('term', term, 'ticks', ticks)::text AS frame, at::text FROM latest_prices
       WHERE at > clock_timestamp() - $1 * interval '1 ms'`,
      [wantEveryMs],
    )
    const [row] = rows
    if (!row || row.at === readLast) return
    readLast = row.at
    take(frameOf(row.frame))
  }

  return {
    async close() {
      clearInterval(checks)
      clearInterval(publishing)
      for (const leave of await Promise.all(subscriptions)) leave()
      await Promise.all([sending, checking])
    },
  }
}

type Frame = { term: number; ticks: WireTick[] }

/** Anybody on this database can notify: what is no frame is passed over. */
function frameOf(message: string): Frame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(message)).data
  } catch {
    return undefined
  }
}
