import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { Reader } from './order-row.ts'
import type { RestingOrder, RestingOrders } from './resting-orders.ts'

type OrderWatch = { close(): Promise<void> }

const accounts = 'account:'
const retryMs = 250

/**
 * Keeps `resting` current: reads all working limit orders once, and then those of each user whose account stream has
 * moved. Lost wake-ups are repaired as for every stream; while nobody trades, it queries nothing. `changed` is called
 * after each read.
 */
export function watchOrders(
  { db, log, resting }: { db: Reader; log: PostgresLog; resting: RestingOrders },
  changed: () => void,
): OrderWatch {
  const seen = new Map<string, number>()
  let moved = new Set<string>()
  let wantsAll = true
  let retry: NodeJS.Timeout | undefined
  let closed = false
  const reading = coalesceReruns(read)
  const listening = log.listenToAccounts()

  log.onMove((stream, seq) => {
    if (!stream.startsWith(accounts) || seq <= (seen.get(stream) ?? 0)) return
    seen.set(stream, seq)
    moved.add(stream.slice(accounts.length))
    look()
  })
  log.onEpoch(() => {
    seen.clear()
    wantsAll = true
    look()
  })
  look()

  function look() {
    if (closed) return
    clearTimeout(retry)
    reading.run().catch(() => {
      if (!closed) retry = setTimeout(look, retryMs).unref()
    })
  }

  async function read() {
    const [all, users] = [wantsAll, moved]
    wantsAll = false
    moved = new Set()
    try {
      if (all) resting.replace(resting.userIds(), await everybodys(db))
      else if (users.size > 0) resting.replace(users, await theirs(db, [...users]))
    } catch (error) {
      wantsAll ||= all
      moved = new Set([...users, ...moved])
      throw error
    }
    changed()
  }

  return {
    async close() {
      closed = true
      clearTimeout(retry)
      const leave = await listening
      leave()
      await reading.idle()
    },
  }
}

function everybodys(db: Reader): Promise<RestingOrder[]> {
  return db.$queryRaw<RestingOrder[]>`
    SELECT id, "userId", symbol, side, "limitPriceMinor" FROM trade_order WHERE status = 'working'`
}

function theirs(db: Reader, userIds: string[]): Promise<RestingOrder[]> {
  return db.$queryRaw<RestingOrder[]>`
    SELECT id, "userId", symbol, side, "limitPriceMinor" FROM trade_order
    WHERE status = 'working' AND "userId" = ANY(${userIds}::text[])`
}
