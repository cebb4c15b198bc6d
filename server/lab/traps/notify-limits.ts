import { DatabaseError } from 'pg'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { openPostgres, type Postgres, type Trap } from './trap.ts'

/** News carried in the notification itself, and news only announced by it. */
export const trap: Trap = {
  async run() {
    await using postgres = await openPostgres()
    const client = await postgres.connect()
    await client.query('CREATE TABLE news (seq int PRIMARY KEY, body text)')
    return {
      trap: 'notify-limits',
      failing: await notifyWithPayload(postgres),
      working: await notifyWithoutPayload(postgres),
    }
  },
}

const long = 'x'.repeat(8_000)

/** The notification carries the body to the listener. */
async function notifyWithPayload(postgres: Postgres): Promise<TrapArm> {
  const write = async (seq: number, body: string) => {
    const writer = await postgres.connect()
    await writer.query('BEGIN')
    await writer.query('INSERT INTO news VALUES ($1, $2)', [seq, body])
    await writer.query(`SELECT pg_notify('news', $1)`, [body])
    await writer.query('COMMIT')
  }
  const refusal = await write(1, long).then(() => 'nothing', messageOf)
  const kept = await seqsOf(postgres)
  const heard = await hearAcrossACut(
    postgres,
    () => write(2, 'short'),
    async () => [],
  )
  return {
    title: 'The data in the notification',
    fell: kept.length === 0 && !heard.includes('short'),
    seen: [
      `8,000 bytes of payload were refused: “${refusal}”.`,
      `The refusal rolled back the business transaction: ${kept.length} of 1 rows was written.`,
      `A row of 5 bytes was committed while the LISTEN connection was down: ${heard.length} notifications arrived afterwards.`,
    ],
  }
}

/** The notification says which number to look for; a listener that reconnects reads first. */
async function notifyWithoutPayload(postgres: Postgres): Promise<TrapArm> {
  const write = async (seq: number, body: string) => {
    const writer = await postgres.connect()
    await writer.query('BEGIN')
    await writer.query('INSERT INTO news VALUES ($1, $2)', [seq, body])
    await writer.query(`SELECT pg_notify('news', $1)`, [`news ${seq}`])
    await writer.query('COMMIT')
  }
  await write(11, long)
  const kept = await seqsOf(postgres)
  const heard = await hearAcrossACut(
    postgres,
    () => write(12, 'short'),
    () => seqsOf(postgres, 11),
  )
  return {
    title: 'A number in the notification, the data in the table',
    fell: !kept.includes('11') || !heard.includes('12'),
    seen: [
      'The notification was “news 11”, 7 bytes, for a row of 8,000.',
      'The row was written.',
      `The row committed while the LISTEN connection was down was read after it reconnected: row ${heard.join(', ')}.`,
    ],
  }
}

/** Listens, loses the connection, listens again and then reads; returns what it has of the news written in between. */
async function hearAcrossACut(
  postgres: Postgres,
  meanwhile: () => Promise<void>,
  readAgain: () => Promise<string[]>,
): Promise<string[]> {
  const heard: string[] = []
  const listen = async () => {
    const listener = await postgres.connect()
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await listener.query('LISTEN news')
    return listener
  }
  const first = await listen()
  const { rows } = await first.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const gone = new Promise((resolve) => first.once('end', resolve))
  await (await postgres.connect()).query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  await gone
  await meanwhile()
  const second = await listen()
  heard.push(...(await readAgain()))
  // A fence: earlier notifications arrive before this response.
  await second.query('SELECT 1')
  return heard
}

async function seqsOf(postgres: Postgres, after = 0): Promise<string[]> {
  const client = await postgres.connect()
  const { rows } = await client.query<{ seq: number }>('SELECT seq FROM news WHERE seq > $1', [after])
  return rows.map(({ seq }) => String(seq))
}

function messageOf(error: unknown): string {
  if (error instanceof DatabaseError) return error.message
  throw error
}
