import { setTimeout as pause } from 'node:timers/promises'
import type { QueryResult } from 'pg'
import { Client } from './client.ts'

/** Which of several processes on one database does what only one may do. */
export type Leadership = {
  isLeading(): boolean
  /** The term for which this process leads; a later one is greater. Undefined while another leads, or none. */
  term(): number | undefined
  close(): Promise<void>
}

type LeadershipOptions = {
  /** What it is that only one does: the name of the lock. */
  name: string
  /** This process leads now. */
  onElected(): void
  /** Another one leads now, or may. */
  onDeposed(): void
  /** How often the leader asks Postgres, and how long Postgres may take to answer. */
  beatMs?: number
  /** Without an answer for so long another may lead. Shorter than `idleMs`: the leader stops before another begins. */
  leaseMs?: number
  /** After so long without a statement Postgres ends the session, and the lock is free. */
  idleMs?: number
}

const tryAgainMs = 1_000

/**
 * Runs for leader until closed, by an advisory lock on a connection of its own. Postgres takes it back when the process
 * dies, and also when the process is frozen or cut off without a word: then nothing is heard from it for `idleMs`. A
 * leader that gets no answer cannot know which of the two has gone, Postgres or itself, and stops leading.
 *
 * What a leader had begun before it was frozen may still go out after that: mark it with the term, and pass over what
 * carries a lower one.
 */
export function runForLeader(url: string, options: LeadershipOptions): Leadership {
  const { name, onElected, onDeposed, beatMs = 3_000, leaseMs = 8_000, idleMs = 10_000 } = options
  const closing = new AbortController()
  let client: Client | undefined
  let leading = false
  let term = 0
  let provenAt = Number.NEGATIVE_INFINITY
  let lapse: NodeJS.Timeout | undefined

  // By the clock and not by the timer: in a process that was frozen the timer is late.
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

  /** Postgres has answered what was asked at this moment, so it heard of the lock's holder no earlier. */
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
        // Postgres is unavailable, or ended the session: the next round finds out.
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

/** The first transaction of the holder: whoever held the lock before has one that is older. */
async function nextTerm(client: Client): Promise<number> {
  const answer: QueryResult<{ term: string }> = await client.query(
    'SELECT pg_current_xact_id()::text AS term',
  )
  return Number(answer.rows[0]?.term)
}
