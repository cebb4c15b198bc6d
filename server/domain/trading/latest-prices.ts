import type pg from 'pg'
import { z } from 'zod'
import type { WireTick } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

type Parts = {
  pool: Pick<pg.Pool, 'query'>
  board: PriceBoard
  /** The term for which the prices are made in this process; undefined while another makes them. */
  term(): number | undefined
  /** When prices came last in the usual way, by `performance.now()`. */
  heardAt(): number
  /** Whether it is known otherwise that somebody wants prices. */
  isWanted?(): boolean
  /** Somebody wants prices. */
  onWanted?(): void
}

const checkMs = 1_000
/** Prices that have not come in the usual way for so long are looked for in Postgres. */
const silentMs = 1_500
/** How often somebody who wants prices says so. */
export const wantEveryMs = 5_000
export const wantedForMs = 15_000
/** A leader that has been silent for so long is not waited for: its term does not count any more. */
const goneMs = 10_000

/**
 * Where prices do not come in the usual way for 1.5 s, the latest are read once a second from a row, which their maker
 * writes while somebody wants them. The wants are in that row too, so neither side depends on what it hears.
 */
export function shareLatestPrices(parts: Parts): { close(): Promise<void> } {
  const { pool, board, term, heardAt, isWanted = () => false, onWanted = () => undefined } = parts
  let readLast = ''
  let kept = 0
  let keptAt = Number.NEGATIVE_INFINITY
  let wantedUntil = 0
  let checking: Promise<unknown> | undefined
  const checks = setInterval(() => {
    checking ??= check().finally(() => {
      checking = undefined
    })
  }, checkMs).unref()

  async function check() {
    const mine = term()
    try {
      if (mine !== undefined) await keep(mine)
      else if (performance.now() - heardAt() > silentMs) await lookUp()
    } catch {
      // Postgres is unavailable: the next check asks again.
    }
  }

  /** Writes down what has moved since, for those who want it and do not hear; seldom looks whether anybody does. */
  async function keep(mine: number) {
    const now = performance.now()
    const version = board.version()
    const isDue = isWanted() || now <= wantedUntil || now - keptAt >= wantEveryMs
    if (version === kept || !isDue) return
    keptAt = now
    const { rowCount } = await pool.query(
      `UPDATE latest_prices SET term = $1, ticks = $2, at = clock_timestamp()
       WHERE "wantedAt" > clock_timestamp() - $3 * interval '1 ms'
         AND (term <= $1 OR at < clock_timestamp() - $4 * interval '1 ms')`,
      [mine, JSON.stringify(board.changedSince(0, board.symbols)), wantedForMs, goneMs],
    )
    kept = version
    if (!rowCount) return
    wantedUntil = now + wantedForMs
    onWanted()
  }

  async function lookUp() {
    const { rows } = await pool.query<{ frame: string; at: string; ageMs: number }>(
      `WITH asked AS (
         UPDATE latest_prices SET "wantedAt" = clock_timestamp()
         WHERE "wantedAt" < clock_timestamp() - $1 * interval '1 ms'
       )
       SELECT json_build_object('term', term, 'ticks', ticks)::text AS frame, at::text,
              greatest(0, extract(epoch FROM clock_timestamp() - at) * 1000)::float8 AS "ageMs"
       FROM latest_prices
       WHERE at > clock_timestamp() - $1 * interval '1 ms'`,
      [wantEveryMs],
    )
    const [row] = rows
    if (!row || row.at === readLast) return
    readLast = row.at
    takePrices(board, term, row.frame, row.ageMs)
  }

  return {
    async close() {
      clearInterval(checks)
      await checking
    },
  }
}

/** Prices as they go from one process to another: those that have changed, and the term of who makes them. */
export type PriceFrame = { term: number; ticks: WireTick[] }

const frameSchema = z.object({
  term: z.int(),
  ticks: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.int()])),
})

/** Puts a frame that was made `ageMs` ago on the board, and gives whether it did: not what is none, is of a term that is over, or is made here. */
export function takePrices(
  board: PriceBoard,
  term: () => number | undefined,
  json: string,
  ageMs = 0,
): boolean {
  const frame = frameOf(json)
  if (!frame || !board.admits(frame.term) || term() !== undefined) return false
  for (const tick of frame.ticks) board.set(tick, ageMs)
  return true
}

/** Anybody who reaches the database or the backplane can send: what is no frame is passed over. */
function frameOf(json: string): PriceFrame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
