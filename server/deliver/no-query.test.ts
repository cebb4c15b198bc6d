import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { WireLoan } from '#server/protocol/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { roomOf } from '#server/testing/rooms.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'

const never = '3600000'
const polls = 200
const nothing = () => Promise.resolve()
// Transactions that Postgres runs in a database by itself, such as autovacuum's.
const ownTransactions = 30

test('SP3 LP2 A 304 and a 204 cost no query, counted in the statistics of Postgres', async (t) => {
  const app = await testApp(t, {
    ...{ LOG_CHECK_MS: never, SESSION_CHECK_MS: never, LISTEN_CHECK_MS: never },
    ...{ STAGE_MS: never, ROLES: 'web,gateway' },
    ...{ MAX_LONG_POLLS_PER_USER: String(polls), MAX_WAIT_MS: '1000' },
  })
  const { log } = app.context
  const person = await signedInPerson(app)
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  const room = `/api/streams/room:${(await roomOf(person)).id}`
  const append = async () => {
    await log.transact((tx) => log.append(tx, [{ stream: `user:${person.id}`, type: 'note', data: null }]))
  }
  await append()

  const statistics = await statisticsOf(app)
  t.after(statistics.close)
  const cost = async (
    path: string,
    expected: number,
    headers: Record<string, string> = {},
    before = nothing,
  ) => {
    const warm = await person.get(path)
    await warm.bytes()
    const tag = { 'if-none-match': warm.headers.get('etag') ?? '' }
    return statistics.during(async () => {
      for (let n = 0; n < polls / 10; n += 1) {
        await before()
        const asked = Array.from({ length: 10 }, () =>
          person.get(path, expected === 304 ? { ...tag, ...headers } : headers),
        )
        for (const answer of await Promise.all(asked)) assert.equal(answer.status, expected)
      }
    })
  }

  assert.deepEqual(
    await statistics.during(nothing),
    { busy: [], transactions: 0 },
    'an idle node asks nothing',
  )
  const stream = `/api/streams/user:${person.id}`
  for (const [path, expected, headers] of [
    [stream, 304],
    [`/api/loans/${id}`, 304],
    [`/api/streams/loan:${id}`, 304],
    [room, 304],
    [`${room}?after=now&wait=0`, 204],
    [`${stream}?after=now&wait=0`, 204],
    [stream, 304, { prefer: 'wait=0' }],
    [`/api/loans/${id}`, 304, { prefer: 'wait=0' }],
  ] as const) {
    isFree(await cost(path, expected, headers), `${expected} ${path}`)
  }

  const held = await statistics.during(async () => {
    const asked = Array.from({ length: polls }, () => person.get(`${stream}?after=now&wait=1`))
    for (const answer of await Promise.all(asked)) assert.equal(answer.status, 204)
  })
  isFree(held, 'held until the deadline')

  // The controls: queries are counted when there are some, few for a new entry and at least one for each naive poll.
  const news = await cost(stream, 200, {}, append)
  assert.ok(news.busy.length > 0)
  assert.ok(news.transactions >= polls / 10)
  assert.ok(news.transactions < polls, 'once for all who poll, not once for each')
  const naive = await cost('/api/loans', 200)
  assert.ok(naive.transactions >= polls, `${naive.transactions} transactions`)
})

function isFree({ busy, transactions }: Cost, what: string): void {
  assert.deepEqual(busy, [], what)
  assert.ok(transactions < ownTransactions, `${what}: ${transactions} transactions`)
}

type Cost = { busy: number[]; transactions: number }

/**
 * Counts what the node sends to Postgres while `act` runs: the connections that ran anything (`busy`, exact), and the
 * committed transactions of the database. Backends report those with a delay, so each is made to flush its statistics.
 */
async function statisticsOf({ databaseUrl, context }: TestApp) {
  const { pools } = context.database
  const name = new URL(databaseUrl).pathname.slice(1)
  const watching = new pg.Client({
    connectionString: Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href,
  })
  await watching.connect()

  async function flush() {
    const clients = await Promise.all(
      pools.flatMap((pool) => Array.from({ length: pool.idleCount }, () => pool.connect())),
    )
    for (const client of clients) {
      // From a table: a transaction that touches none has nothing to report and is not counted.
      await client.query('SELECT pg_stat_force_next_flush() FROM log_epoch')
      client.release()
    }
    return clients.length
  }

  async function transactions(): Promise<number> {
    await watching.query('SELECT pg_stat_clear_snapshot()')
    const { rows } = await watching.query('SELECT xact_commit FROM pg_stat_database WHERE datname = $1', [
      name,
    ])
    return Number(rows[0].xact_commit)
  }

  async function connections(): Promise<Map<number, string>> {
    const { rows } = await watching.query(
      "SELECT pid, query_start::text AS at FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
      [name],
    )
    return new Map(rows.map(({ pid, at }) => [pid, at]))
  }

  return {
    async during(work: () => Promise<void>): Promise<Cost> {
      await flush()
      const [countBefore, before] = [await transactions(), await connections()]
      await work()
      const after = await connections()
      const ours = await flush()
      const busy = [...after].flatMap(([pid, at]) => (before.get(pid) === at ? [] : [pid]))
      return { busy, transactions: (await transactions()) - countBefore - ours }
    },
    close: () => watching.end(),
  }
}
