import type pg from 'pg'
import { z } from 'zod'
import type { WireTick } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

type Parts = {
  pool: Pick<pg.Pool, 'query'>
  board: PriceBoard
  /** The term in which this process makes the prices; undefined while another does. */
  term(): number | undefined
  /** When prices last arrived by the usual path, by `performance.now()`. */
  heardAt(): number
  /** Whether it is known by other means that some process wants prices. */
  isWanted?(): boolean
  /** Called when some process wants prices. */
  onWanted?(): void
}

const checkMs = 1_000
/** After this long without prices on the usual path, Postgres is polled for them. */
const silentMs = 1_500
/** How often a process that wants prices repeats it. */
export const wantEveryMs = 5_000
export const wantedForMs = 15_000
/** A leader silent for this long is presumed gone, and its term no longer counts. */
const goneMs = 10_000

/**
 * The fallback path for prices: when none have arrived for 1.5 s, the latest are read once a second from a row that the
 * leader updates while some process wants them. Requests for prices are stored in the same row, so neither side depends
 * on receiving messages.
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
      // Postgres is unavailable: the next check retries.
    }
  }

  /** Writes the latest prices if some process wants them; otherwise checks only now and then whether one does. */
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

/** Prices on their way between processes: those that changed, and the leader's term. */
export type PriceFrame = { term: number; ticks: WireTick[] }

const frameSchema = z.object({
  term: z.int(),
  ticks: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.int()])),
})

/**
 * Puts a frame made `ageMs` ago on the board. Returns whether it did: not if it is invalid, of an outdated term, or
 * this process makes the prices itself.
 */
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

/** Anyone who can reach the database or the backplane can send: anything that is not a frame is ignored. */
function frameOf(json: string): PriceFrame | undefined {
  try {
    return frameSchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}
