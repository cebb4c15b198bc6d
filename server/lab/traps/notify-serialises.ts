import { performance } from 'node:perf_hooks'
import type { Client } from 'pg'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { median } from '#server/protocol/median.ts'
import { openPostgres, type Postgres, type Trap } from './trap.ts'

const writers = 50
const rounds = 3
const roundMs = 600
/** Commits that wait for each other are slower by more than this factor. */
const slowerBy = 1.5

/** Fifty writers, each on its own stream: with the notification inside their transactions, and after them. */
export const trap: Trap = {
  async run(signal) {
    // The lock is held during the disk flush, so flushing is on here.
    await using postgres = await openPostgres({})
    const stage = await setUp(postgres)
    const inside: Writing[] = []
    const after: Writing[] = []
    for (let round = 0; round < rounds && !signal.aborted; round += 1) {
      inside.push(await stage.write(notifyingWrite))
      after.push(await stage.writeAndTell(plainWrite))
    }
    const [failing, working] = [summed(inside), summed(after)]
    return {
      trap: 'notify-serialises',
      failing: armOf('NOTIFY in the transaction', failing, working),
      working: armOf('One wake-up after the commits', working, failing),
    }
  },
}

/** One write as a domain verb makes it: takes its stream's next number and stores the entry. */
const plainWrite = `
  WITH next AS (UPDATE head SET seq = seq + 1 WHERE stream = $1 RETURNING stream, seq)
  INSERT INTO entry SELECT stream, seq, repeat('x', 200) FROM next RETURNING seq`

const notifyingWrite = `
  WITH next AS (UPDATE head SET seq = seq + 1 WHERE stream = $1 RETURNING stream, seq),
    kept AS (INSERT INTO entry SELECT stream, seq, repeat('x', 200) FROM next)
  SELECT seq, pg_notify('news', stream || ' ' || seq)::text FROM next`

type Writing = { ms: number; latenciesMs: number[]; notifications: number; heardAll: boolean }

async function setUp(postgres: Postgres) {
  const clients = await Promise.all(Array.from({ length: writers }, postgres.connect))
  const [listener, teller] = [await postgres.connect(), await postgres.connect()]
  await listener.query(`
    CREATE TABLE head (stream text PRIMARY KEY, seq int);
    CREATE TABLE entry (stream text, seq int, body text, PRIMARY KEY (stream, seq));
    INSERT INTO head SELECT 's' || n, 0 FROM generate_series(1, ${writers}) n;
    LISTEN news`)
  await teller.query('SET synchronous_commit = off')
  const heard = new Map<string, number>()
  let notifications = 0
  listener.on('notification', ({ payload = '' }) => {
    notifications += 1
    for (const news of payload.split(',')) {
      const [stream = '', seq] = news.split(' ')
      heard.set(stream, Math.max(Number(seq), heard.get(stream) ?? 0))
    }
  })

  /** All write for a while, as fast as they can; `wrote` is called after each commit. */
  async function write(statement: string, wrote: (stream: string, seq: number) => void = () => undefined) {
    const before = notifications
    const last = new Map<string, number>()
    const latenciesMs: number[] = []
    const began = performance.now()
    await Promise.all(
      clients.map(async (client, index) => {
        const stream = `s${index + 1}`
        while (performance.now() - began < roundMs) {
          const asked = performance.now()
          const seq = await next(client, statement, stream)
          latenciesMs.push(performance.now() - asked)
          last.set(stream, seq)
          wrote(stream, seq)
        }
      }),
    )
    const ms = performance.now() - began
    return {
      ...{ ms, latenciesMs },
      async heardBy() {
        // A fence: earlier notifications arrive before this response.
        await listener.query('SELECT 1')
        const heardAll = [...last].every(([stream, seq]) => heard.get(stream) === seq)
        return { ms, latenciesMs, notifications: notifications - before, heardAll }
      },
    }
  }

  /** Streams that moved are announced together, one notification in flight at a time. */
  async function writeAndTell(statement: string): Promise<Writing> {
    let moved = new Map<string, number>()
    let telling: Promise<void> | undefined
    async function tell() {
      while (moved.size > 0) {
        const news = [...moved].map(([stream, seq]) => `${stream} ${seq}`).join(',')
        moved = new Map()
        await teller.query(`SELECT pg_notify('news', $1)`, [news])
      }
      telling = undefined
    }
    const { heardBy } = await write(statement, (stream, seq) => {
      moved.set(stream, seq)
      telling ??= tell()
    })
    await telling
    return heardBy()
  }

  return { writeAndTell, write: async (statement: string) => (await write(statement)).heardBy() }
}

async function next(client: Client, statement: string, stream: string): Promise<number> {
  const { rows } = await client.query<{ seq: number }>(statement, [stream])
  return rows[0]?.seq ?? 0
}

function summed(parts: Writing[]): Writing {
  return {
    ms: parts.reduce((sum, { ms }) => sum + ms, 0),
    latenciesMs: parts.flatMap(({ latenciesMs }) => latenciesMs),
    notifications: parts.reduce((sum, { notifications }) => sum + notifications, 0),
    heardAll: parts.every(({ heardAll }) => heardAll),
  }
}

function perSecond({ ms, latenciesMs }: Writing): number {
  return (latenciesMs.length * 1_000) / ms
}

function armOf(title: string, arm: Writing, other: Writing): TrapArm {
  return {
    title,
    fell: perSecond(arm) * slowerBy < perSecond(other) || !arm.heardAll,
    seen: [
      `${writers} writers, each on its own stream, committed ${thousands(perSecond(arm))} entries a second.`,
      `Half of the commits took longer than ${median(arm.latenciesMs)?.toFixed(1)} ms.`,
      `The listener received ${thousands(arm.notifications)} notifications for ${thousands(arm.latenciesMs.length)} entries, ${arm.heardAll ? 'and knew the newest entry of every stream' : 'and missed the newest entry of a stream'}.`,
    ],
  }
}

function thousands(n: number): string {
  return Math.round(n).toLocaleString('en')
}
