import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import type { Client } from 'pg'
import { connectClient } from '#server/database/client.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { readMigrations } from './migrate.ts'

test('A handle is the name in plain letters; a name that was there before is numbered.', async (t) => {
  const [client] = await clients(t, 1)
  const names = [
    'Nora Klein',
    'nora  KLEIN',
    'José Ångström',
    '  --',
    '屋根',
    'Ada 2',
    'Ada',
    'Ada',
    'x'.repeat(80),
  ]
  const handles = []
  for (const name of names) handles.push(await come(client, name))
  assert.deepEqual(handles, [
    'nora-klein',
    'nora-klein-2',
    'jose-angstrom',
    'someone',
    'someone-2',
    'ada-2',
    'ada',
    'ada-3',
    'x'.repeat(24),
  ])
})

test('Two of one name who come at the same moment both come in.', async (t) => {
  const [one, other] = await clients(t, 2)
  await one.query('BEGIN')
  assert.equal(await come(one, 'Sam'), 'sam')
  const second = come(other, 'Sam')
  await one.query('COMMIT')
  assert.equal(await second, 'sam-2')
})

test('Those who were there before handles and bells came get theirs.', async (t) => {
  const [client] = await clients(t, 1)
  const migrations = await readMigrations()
  const since = migrations.findIndex(({ name }) => name.endsWith('_feed_and_notifications'))
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  for (const { script } of migrations.slice(0, since)) await client.query(script)
  await client.query(
    `INSERT INTO "user" (id, name, email) SELECT n, 'Ada', n FROM unnest('{a, b, c}'::text[]) n`,
  )
  for (const { script } of migrations.slice(since)) await client.query(script)
  const { rows } = await client.query(
    'SELECT array_agg(handle ORDER BY handle) AS handles, count(b)::int AS bells FROM "user" u LEFT JOIN bell b ON b."userId" = u.id',
  )
  assert.deepEqual(rows, [{ handles: ['ada', 'ada-2', 'ada-3'], bells: 3 }])
})

test('Names that were there before the rule for them lose what turns or breaks the text around them.', async (t) => {
  const [client] = await clients(t, 1)
  const migrations = await readMigrations()
  const since = migrations.findIndex(({ name }) => name.endsWith('_names_on_one_line'))
  assert.ok(since > 0)
  await client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  for (const { script } of migrations.slice(0, since)) await client.query(script)
  const names = [
    'Nora\u202enielK',
    'Two\nLines',
    '\u3164\u200b',
    'Zoë \u2067Ö\u2069',
    '李雷',
    ' \u200e ',
    'x\u200dy',
  ]
  for (const name of names) await come(client, name)
  for (const { script } of migrations.slice(since)) await client.query(script)
  const { rows } = await client.query('SELECT name, handle FROM "user" ORDER BY "createdAt", handle')
  const cleaned = rows.map(({ name }) => name).sort()
  assert.deepEqual(
    cleaned,
    ['NoranielK', 'Two Lines', 'Zoë Ö', 'someone', 'someone-3', 'x\u200dy', '李雷'].sort(),
  )
})

test('Everybody who comes has a bell.', async (t) => {
  const [client] = await clients(t, 1)
  for (const name of ['A', 'B']) await come(client, name)
  const { rows } = await client.query('SELECT count(*)::int AS bells FROM bell')
  assert.deepEqual(rows, [{ bells: 2 }])
})

test('A session begins also where no worker has ever run.', async (t) => {
  const [client] = await clients(t, 1)
  await client.query('DROP SCHEMA graphile_worker CASCADE')
  await come(client, 'Ada')
  const begun = await client.query(
    `INSERT INTO session (id, token, "userId", "expiresAt", "userAgent") SELECT 's', 's', id, now(), 'curl/8' FROM "user"`,
  )
  assert.equal(begun.rowCount, 1)
})

async function come(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ handle: string }>(
    `INSERT INTO "user" (id, name, email) VALUES ($1, $2, $1) RETURNING handle`,
    [crypto.randomUUID(), name],
  )
  return rows[0]?.handle ?? ''
}

async function clients(t: TestContext, count: 1): Promise<[Client]>
async function clients(t: TestContext, count: 2): Promise<[Client, Client]>
async function clients(t: TestContext, count: number): Promise<Client[]> {
  const { url } = await testDatabase(t)
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = await connectClient(url)
      t.after(() => client.end())
      return client
    }),
  )
}

test('A handle that looks like one that is there is numbered as well, whatever its letters are.', async (t) => {
  const [client] = await clients(t, 1)
  const handles = []
  for (const handle of [
    'nora',
    'n\u043era',
    '\u0438\u0433\u043e\u0440\u044c',
    '\u674e\u96f7',
    '\u674e\u96f7',
  ]) {
    const { rows } = await client.query<{ handle: string }>(
      'INSERT INTO "user" (id, name, email, handle) VALUES ($1, $2, $1, $2) RETURNING handle',
      [randomUUID(), handle],
    )
    handles.push(rows[0]?.handle)
  }
  assert.deepEqual(handles, [
    'nora',
    'n\u043era-2',
    '\u0438\u0433\u043e\u0440\u044c',
    '\u674e\u96f7',
    '\u674e\u96f7-2',
  ])
})

test('The hundredth of one name comes as quickly as the second.', async (t) => {
  const [client] = await clients(t, 1)
  await client.query(
    `INSERT INTO "user" (id, name, email) SELECT n::text, 'Sam', n::text FROM generate_series(1, 100) n`,
  )
  const { rows } = await client.query(
    'SELECT count(DISTINCT handle)::int AS handles, min(handle) AS first FROM "user"',
  )
  assert.deepEqual(rows, [{ handles: 100, first: 'sam' }])
})
