import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { Logger } from 'pino'
import { passHop } from '#server/log/hops.ts'
import type { Kafka } from './connection.ts'
import { createEntriesProducer, type EntriesProducer } from './entries-producer.ts'
import { KafkaUnusable } from './kafka-unusable.ts'
import { keepPosition, keptPosition } from './relay-position.ts'
import { isBefore, isFartherThan, positionNow, type RelayPosition, visibleSince } from './visible-entries.ts'

export type Relay = Pick<EntriesProducer, 'produced' | 'oversized'> & {
  /** Announces possible new entries: a pass begins now, or right after the running one. */
  wake(): void
  /** For how long something has been waiting to be produced, in milliseconds. */
  lagMs(): number
  close(): Promise<void>
}

type RelayOptions = {
  kafka: Kafka
  pool: Pick<pg.Pool, 'query'>
  logger: Logger
  /** Whether this process may produce now. */
  isLeading(): boolean
  /** How often it checks without being woken. */
  checkMs: number
}

const retryMs = 250
/** Each pass costs a statement, a batch and a fetch by every gateway: under load, entries share a pass. */
const passEveryMs = 10
const keepEveryMs = 1_000
/** Beyond this many entries, the relay skips to the present: each page of them sorts all that are left. */
const maxBacklog = 10_000

/**
 * Copies new entries from the log to Kafka while this process is the leader: each at least once, those of a stream in
 * order, with one batch in flight at a time. The position is stored after the acknowledgements, at most once a second;
 * a new leader repeats what was produced since. When too much has gathered, the relay continues from the present.
 */
export function startRelay({ kafka, pool, logger, isLeading, checkMs }: RelayOptions): Relay {
  const producer = createEntriesProducer(kafka, isLeading)
  let position: RelayPosition | undefined
  let isKept = true
  let keptAt = Number.NEGATIVE_INFINITY
  /** Since when the entries of the pass, and those added meanwhile, have been waiting. */
  let passSince: number | undefined
  let wokenAt: number | undefined
  let endNap: () => void = () => undefined
  let isFailing = false
  let closed = false

  async function run() {
    while (!closed) {
      const beganAt = performance.now()
      try {
        if (isLeading()) await pass()
        else await rest()
        isFailing = false
        if (wokenAt === undefined || !isLeading()) await nap(checkMs)
        await pause(Math.max(0, beganAt + passEveryMs - performance.now()))
      } catch (error) {
        if (!isFailing && !closed) warn(error)
        isFailing = true
        await producer.close()
        await nap(retryMs)
      }
    }
  }

  /** Another process is the leader, so the known position is out of date. */
  async function rest() {
    position = undefined
    passSince = undefined
    wokenAt = undefined
    await producer.close()
  }

  async function pass() {
    passSince ??= wokenAt
    wokenAt = undefined
    const kept = position ?? (await keptPosition(pool))
    const from = kept && !(await isTooFar(kept)) ? kept : await positionNow(pool)
    const first = await visibleSince(pool, from)
    // A new epoch, or an older copy of the database: the position is meaningless in it.
    const isContinued =
      first.position.epoch === from.epoch && isBefore(from.snapshot, first.position.snapshot)
    if (from !== kept || !isContinued || first.entries.length > 0) isKept = false
    for (let page = first; isContinued; ) {
      if (page.entries.length > 0) passSince ??= performance.now()
      await producer.send(page.entries, page.position.epoch)
      for (const { stream, seq } of page.entries) passHop({ hop: 'produced', stream, seq })
      if (!page.next) break
      page = await visibleSince(pool, from, page.position, page.next)
    }
    position = first.position
    passSince = undefined
    if (!isKept && performance.now() - keptAt >= keepEveryMs) await keep()
  }

  /** After a start or a failure: once very many entries are waiting, followers have read them from the log already. */
  async function isTooFar(from: RelayPosition): Promise<boolean> {
    if (position && !isFailing) return false
    if (!(await isFartherThan(pool, from, maxBacklog))) return false
    logger.warn(`More than ${maxBacklog} entries wait for Kafka: they are left to who reads the log`)
    return true
  }

  async function keep() {
    if (!position) return
    await keepPosition(pool, position)
    isKept = true
    keptAt = performance.now()
  }

  function nap(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    endNap = () => {
      clearTimeout(timer)
      resolve()
    }
    if (closed) endNap()
    return promise
  }

  function warn(error: unknown) {
    const why = error instanceof KafkaUnusable ? `: ${error.message}` : ''
    logger.warn({ err: error }, `Entries do not get to Kafka; trying again${why}`)
  }

  const running = run()
  return {
    wake() {
      if (closed || !isLeading()) return
      wokenAt ??= performance.now()
      if (!isFailing) endNap()
    },
    produced: producer.produced,
    oversized: producer.oversized,
    lagMs() {
      const since = passSince ?? wokenAt
      return since === undefined || !isLeading() ? 0 : performance.now() - since
    },
    async close() {
      closed = true
      endNap()
      await running
      if (!isKept && isLeading()) await keep().catch(() => undefined)
      await producer.close()
    },
  }
}
