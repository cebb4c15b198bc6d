import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Redis } from '#server/backplane/redis.ts'
import type { Cursor } from '#server/log/log.ts'
import type { LoanSnapshot } from './read-loan.ts'

/** Outcomes of cache look-ups. `invalid`: the value was not written by us under that key, or was changed since. */
export type CacheCounts = Record<'hit' | 'miss' | 'invalid' | 'unavailable', number>

/**
 * Loans as of a seq of their stream, shared by all nodes. A loan at a seq never changes, so nothing is ever
 * invalidated: the log tells which seq is current.
 */
export type LoanCache = {
  /**
   * What `read` makes of the loan; undefined when it has to be read from Postgres. Never rejects: a loan on which
   * `read` throws is `invalid`.
   */
  find<T>(loanId: string, at: Cursor, read: (snapshot: LoanSnapshot) => T): Promise<T | undefined>
  /** Stores a loan in the background; failures are ignored. */
  keep(epoch: string, snapshot: LoanSnapshot): void
  /**
   * Stops looking up entries until all those stored before have expired: the database was replaced, possibly with the
   * same epoch, and they may come from a history that it no longer has.
   */
  distrust(): void
  counts(): Readonly<CacheCounts>
}

/** Increment with each change to `LoanSnapshot`: for 10 min after a deploy there are values in the earlier format. */
const format = 2
const keptSeconds = 600
const keptFor = { expiration: { type: 'EX', value: keptSeconds } } as const
/** Far more than a loan with its newest payments needs; a longer value is not ours, and is not fetched. */
const mostBytes = 256_000
const macChars = 43

/**
 * The cache in Redis. A loan contains its owner, which decides who may read it, so each value carries an HMAC over its
 * key and itself: whoever can write to Redis can slow a poll down, but no more.
 */
export function createLoanCache(
  redis: Pick<Redis, 'call'>,
  secret: string,
  nowMs: () => number = () => performance.now(),
): LoanCache {
  // A KeyObject is prepared once; a Buffer would be prepared for each value, which takes longer than the HMAC itself.
  const macKey = createSecretKey(
    createHmac('sha256', secret).update(`wireside loan cache ${format}`).digest(),
  )
  let distrustedUntilMs = Number.NEGATIVE_INFINITY
  const counts: CacheCounts = { hit: 0, miss: 0, invalid: 0, unavailable: 0 }

  const macOf = (key: string, text: string) =>
    createHmac('sha256', macKey).update(`${key}\n${text}`).digest('base64url')

  function verified<T>(key: string, value: string, read: (snapshot: LoanSnapshot) => T): T | undefined {
    const [mac, text] = [value.slice(0, macChars), value.slice(macChars)]
    const [given, expected] = [Buffer.from(mac), Buffer.from(macOf(key, text))]
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    try {
      return read(JSON.parse(text) as LoanSnapshot)
    } catch {
      // Another shape under the same format: counted as invalid, and read from Postgres.
      return undefined
    }
  }

  async function find<T>(
    key: string,
    read: (snapshot: LoanSnapshot) => T,
  ): Promise<[outcome: keyof CacheCounts, found?: T]> {
    try {
      const value = (await redis.call((client) => client.getRange(key, 0, mostBytes - 1))) ?? ''
      if (value === '') return ['miss']
      const found = verified(key, value, read)
      return found === undefined ? ['invalid'] : ['hit', found]
    } catch {
      return ['unavailable']
    }
  }

  return {
    async find(loanId, at, read) {
      if (nowMs() < distrustedUntilMs) return undefined
      const [outcome, found] = await find(keyOf(loanId, at), read)
      counts[outcome] += 1
      return found
    },
    keep(epoch, snapshot) {
      const key = keyOf(snapshot.loan.id, { epoch, seq: snapshot.seq })
      const text = JSON.stringify(snapshot)
      const value = macOf(key, text) + text
      redis.call((client) => client.set(key, value, keptFor)).catch(() => undefined)
    },
    distrust() {
      distrustedUntilMs = nowMs() + 1_000 * keptSeconds
    },
    counts: () => counts,
  }
}

function keyOf(loanId: string, { epoch, seq }: Cursor): string {
  return `${epoch}:${loanId}:${seq}`
}
