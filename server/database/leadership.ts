import { setTimeout as pause } from 'node:timers/promises'
import type { QueryResult } from 'pg'
import { Client } from './client.ts'

/** Elects one of several processes on a database for work that only one may do. */
export type Leadership = {
  isLeading(): boolean
  /** The current term of this process; later terms are greater. Undefined while another process leads, or none. */
  term(): number | undefined
  close(): Promise<void>
}

type LeadershipOptions = {
  /** What only the leader does: the name of the lock. */
  name: string
  /** This process is the leader now. */
  onElected(): void
  /** Another process is the leader now, or may be. */
  onDeposed(): void
  /** How often the leader queries Postgres, and how long Postgres may take to respond. */
  beatMs?: number
  /**
   * After this long without a response, another process may lead. Shorter than `idleMs`, so that the leader stops
   * before another begins.
   */
  leaseMs?: number
  /** After this long without a statement, Postgres ends the session and releases the lock. */
  idleMs?: number
}

const tryAgainMs = 1_000

/**
 * Runs for leader until closed, with an advisory lock on a connection of its own. Postgres releases the lock when the
 * process dies, and also when it is frozen or silently disconnected, because nothing is then received for `idleMs`. A
 * leader without responses cannot know which side is gone, so it stops leading.
 *
 * Writes that a leader began before it was frozen may still arrive afterwards: mark them with the term, and ignore
 * those with a lower one.
 */
export function runForLeader(url: string, options: LeadershipOptions): Leadership {
  const { name, onElected, onDeposed, beatMs = 3_000, leaseMs = 8_000, idleMs = 10_000 } = options
  const closing = new AbortController()
  let client: Client | undefined
  let leading = false
  let term = 0
  let provenAt = Number.NEGATIVE_INFINITY
  let lapse: NodeJS.Timeout | undefined

  // By the clock instead of the timer, which is late in a process that was frozen.
  const isProven = () => performance.now() - provenAt < leaseMs

  async function candidacy() {
    const next = new Client({
      connectionString: url,
      connectionTimeoutMillis: beatMs,
      silentMs: beatMs,
      keepAlive: true,
      limits: { idleMs },
    })
    client = next
    const gone = new AbortController()
    next.on('error', () => gone.abort())
    next.on('end', () => gone.abort())
    await next.connect()
    for (let isMine = false; !isMine; ) {
      const askedAt = performance.now()
      const answer: QueryResult<{ mine: boolean }> = await next.query(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
        [name],
      )
      isMine = answer.rows[0]?.mine === true
      if (isMine) {
        term = await nextTerm(next)
        prove(askedAt)
      } else {
        become(false)
        await pause(tryAgainMs, undefined, { signal: closing.signal })
      }
    }
    const signal = AbortSignal.any([gone.signal, closing.signal])
    for (;;) {
      await pause(beatMs, undefined, { signal })
      const askedAt = performance.now()
      await next.query('SELECT 1')
      prove(askedAt)
    }
  }

  /**
   * Postgres has responded to a statement sent at this moment, so it has seen the holder alive no earlier than that.
   */
  function prove(askedAt: number) {
    provenAt = askedAt
    clearTimeout(lapse)
    lapse = setTimeout(become, Math.max(0, askedAt + leaseMs - performance.now()), false).unref()
    become(isProven())
  }

  function become(now: boolean) {
    if (now === leading || closing.signal.aborted) return
    leading = now
    if (now) onElected()
    else onDeposed()
  }

  async function run() {
    while (!closing.signal.aborted) {
      try {
        await candidacy()
      } catch {
        // Postgres is unavailable, or ended the session: the next round retries.
      }
      await client?.end().catch(() => undefined)
      await pause(tryAgainMs / 4, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const running = run()

  return {
    isLeading: () => leading && isProven(),
    term: () => (leading && isProven() ? term : undefined),
    async close() {
      closing.abort()
      clearTimeout(lapse)
      await client?.end().catch(() => undefined)
      await running
    },
  }
}

/** The id of the holder's first transaction: that of any earlier holder is lower. */
async function nextTerm(client: Client): Promise<number> {
  const answer: QueryResult<{ term: string }> = await client.query(
    'SELECT pg_current_xact_id()::text AS term',
  )
  return Number(answer.rows[0]?.term)
}
