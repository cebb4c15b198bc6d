import type { Client } from 'pg'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { openPostgres, type Postgres, type Trap } from './trap.ts'

/** A reader that queries for everything after its last number, while two transactions overlap. */
export const trap: Trap = {
  async run() {
    await using postgres = await openPostgres()
    return {
      trap: 'sequence-gaps',
      failing: armOf('A plain sequence', await overlap(postgres, plainSequence)),
      working: armOf('A number from the head row', await overlap(postgres, headRow)),
    }
  },
}

/** How numbers are assigned: `append` takes the next one and inserts an entry with it, in one statement. */
type Numbering = { tables: string; append: string; read: string }

const plainSequence: Numbering = {
  tables: 'CREATE TABLE event (id bigserial PRIMARY KEY, body text)',
  append: 'INSERT INTO event (body) VALUES ($1)',
  read: 'SELECT id::int AS number, body FROM event WHERE id > $1 ORDER BY id',
}

const headRow: Numbering = {
  tables: `CREATE TABLE head (seq bigint); INSERT INTO head VALUES (0);
           CREATE TABLE entry (seq bigint PRIMARY KEY, body text)`,
  append: `WITH next AS (UPDATE head SET seq = seq + 1 RETURNING seq)
           INSERT INTO entry SELECT seq, $1 FROM next`,
  read: 'SELECT seq::int AS number, body FROM entry WHERE seq > $1 ORDER BY seq',
}

type Row = { number: number; body: string }

/** Two transactions overlap, and the first to begin commits last; the reader reads in between and afterwards. */
async function overlap(postgres: Postgres, { tables, append, read }: Numbering) {
  const [early, late, reader] = [await postgres.connect(), await postgres.connect(), await postgres.connect()]
  await reader.query(tables)
  await early.query('BEGIN')
  await early.query(append, ['began first'])
  const second = late.query(append, ['began second'])
  const waited = await Promise.race([second.then(() => false), isWaiting(reader)])

  let last = 0
  const seen: Row[] = []
  const look = async () => {
    const { rows } = await reader.query<Row>(read, [last])
    seen.push(...rows)
    last = rows.at(-1)?.number ?? last
  }
  await look()
  await early.query('COMMIT')
  await second
  await look()
  const { rows: written } = await reader.query<Row>(read, [0])
  return { seen, written, waited }
}

async function isWaiting(reader: Client): Promise<boolean> {
  const held = await reader.query('SELECT FROM pg_locks WHERE NOT granted')
  return held.rowCount ? true : isWaiting(reader)
}

function armOf(title: string, { seen, written, waited }: Awaited<ReturnType<typeof overlap>>): TrapArm {
  const missed = written.filter(({ number }) => !seen.some((row) => row.number === number))
  return {
    title,
    fell: missed.length > 0,
    seen: [
      waited
        ? 'The second writer waited for the first to commit before it got its number.'
        : 'The second writer committed 2 while 1 was still open.',
      `The table has ${listed(written)}; the reader received ${listed(seen)}.`,
      missed.length > 0
        ? `From now on it queries for ids above 2: it will never see ${listed(missed)}.`
        : 'A reader that has seen a number has seen all numbers before it.',
    ],
  }
}

const listed = (rows: Row[]) => rows.map(({ number }) => number).join(' and ') || 'nothing'
