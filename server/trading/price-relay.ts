import type pg from 'pg'
import type { Listener } from '#server/database/listener.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import type { PriceBoard } from './price-board.ts'

export type PriceRelay = { close(): Promise<void> }

type Parts = {
  pool: Pick<pg.Pool, 'query'>
  listener: Listener
  board: PriceBoard
  /** Whether the prices are made in this process. */
  isSource(): boolean
}

const frameMs = 50
const wantEveryMs = 5_000
const wantedForMs = 15_000
/** Postgres refuses a NOTIFY of 8,000 bytes; prices are ASCII. */
const mostBytes = 7_900

/**
 * Brings prices from the process that makes them to the others, over NOTIFY. Those say every 5 s that they want them;
 * while nobody does, none are published. What is published is what has changed, at most 20 times a second.
 *
 * Call it before the listener starts.
 */
export function createPriceRelay({ pool, listener, board, isSource }: Parts): PriceRelay {
  const self = crypto.randomUUID()
  let wantedUntil = 0
  let sent = 0
  let sending: Promise<unknown> | undefined

  // Everybody hears who wants prices: whoever takes over the making of them need not be asked first.
  listener.on('wireside_prices_wanted', (by) => {
    if (by !== self) wantedUntil = performance.now() + wantedForMs
  })
  listener.on('wireside_prices', (payload) => {
    if (isSource()) return
    for (const tick of JSON.parse(payload) as WireTick[]) board.set(tick)
  })
  listener.onConnect(want)
  const wanting = setInterval(want, wantEveryMs).unref()
  const publishing = setInterval(publish, frameMs).unref()

  function want() {
    if (!isSource()) send(`SELECT pg_notify('wireside_prices_wanted', $1)`, [self])
  }

  function publish() {
    if (!isSource() || performance.now() > wantedUntil || sending) return
    const changed = board.changedSince(sent, board.symbols)
    if (changed.length === 0) return
    sent = board.version()
    send(`SELECT pg_notify('wireside_prices', batch) FROM unnest($1::text[]) AS batch`, [batchesOf(changed)])
  }

  function send(statement: string, values: unknown[]) {
    // Away: newer prices will be sent when it is back, and these are not missed.
    sending = pool
      .query(statement, values)
      .catch(() => undefined)
      .finally(() => {
        sending = undefined
      })
  }

  return {
    async close() {
      clearInterval(wanting)
      clearInterval(publishing)
      await sending
    },
  }
}

/** As few payloads as hold them. */
export function batchesOf(ticks: readonly WireTick[]): string[] {
  const batches: string[] = []
  let batch = ''
  for (const tick of ticks) {
    const text = JSON.stringify(tick)
    if (batch && batch.length + text.length + 2 > mostBytes) {
      batches.push(`[${batch}]`)
      batch = ''
    }
    batch = batch ? `${batch},${text}` : text
  }
  return batch ? [...batches, `[${batch}]`] : batches
}
