import { setTimeout as pause } from 'node:timers/promises'
import type { QueryResult } from 'pg'
import { Client } from '#server/database/client.ts'

/** Which of several processes on one database does what only one may do. */
export type Leadership = {
  isLeading(): boolean
  close(): Promise<void>
}

type Options = {
  /** What it is that only one does: the name of the lock. */
  name: string
  /** It is this process now. */
  lead(): void
  /** It is another one now. */
  lose(): void
}

const askAgainMs = 1_000
const beatMs = 5_000

/**
 * Strives for the lead until closed: an advisory lock on a connection of its own, which Postgres takes back when the
 * process dies. While Postgres is away nobody else can get it, so who leads goes on until it sees the lock with another.
 */
export function strive(url: string, { name, lead, lose }: Options): Leadership {
  const closing = new AbortController()
  let client: Client | undefined
  let leading = false

  async function ask() {
    const next = new Client({ connectionString: url, connectionTimeoutMillis: 3_000, keepAlive: true })
    client = next
    const gone = new Promise<void>((resolve) => {
      next.on('error', () => resolve())
      next.on('end', () => resolve())
    })
    await next.connect()
    for (let isMine = false; !isMine; ) {
      const answer: QueryResult<{ mine: boolean }> = await next.query(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine',
        [name],
      )
      isMine = answer.rows[0]?.mine === true
      become(isMine)
      if (!isMine) await pause(askAgainMs, undefined, { signal: closing.signal })
    }
    // A line that is dead without a word is cut by the client itself, when this gets no answer.
    const beat = setInterval(() => beatOn(next), beatMs)
    await gone
    clearInterval(beat)
  }

  function become(now: boolean) {
    if (now === leading || closing.signal.aborted) return
    leading = now
    if (now) lead()
    else lose()
  }

  async function striveOn() {
    while (!closing.signal.aborted) {
      try {
        await ask()
      } catch {
        // Postgres is away, or it is over; the next round tells.
      }
      await client?.end().catch(() => undefined)
      await pause(askAgainMs / 4, undefined, { signal: closing.signal }).catch(() => undefined)
    }
  }
  const striving = striveOn()

  return {
    isLeading: () => leading,
    async close() {
      closing.abort()
      await client?.end().catch(() => undefined)
      await striving
    },
  }
}

function beatOn(client: Client): void {
  const answer: Promise<unknown> = client.query('SELECT 1')
  answer.catch(() => undefined)
}
