import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { eventually } from '#server/testing/eventually.ts'
import { application, type Person, password, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { messagesIn, roomOf } from '#server/testing/rooms.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'

/** Transient Postgres errors: a full disk, a standby, an operator, a timeout, another's lock. */
const states = {
  '53100': 'disk_full',
  '53200': 'out_of_memory',
  '53300': 'too_many_connections',
  '58030': 'io_error',
  '25006': 'read_only_sql_transaction',
  '57P01': 'admin_shutdown',
  '57014': 'query_canceled',
  '55P03': 'lock_not_available',
  '40001': 'serialization_failure',
  '40P01': 'deadlock_detected',
}

test('P1 P9 A write that Postgres cannot make is 503, never 500, and a node that cannot write is not ready.', async (t) => {
  const app = await testApp(t, { CHAT_BURST: '1000', POSTS_PER_MINUTE: '1000' })
  const person = await signedInPerson(app)
  const room = await roomOf(person)
  const writing = await refusing(t, app)
  for (const [state, name] of Object.entries(states)) {
    await writing.fails(state)
    for (const answer of await write(app, person, room.id)) {
      assert.ok(Number(answer.headers.get('retry-after')) > 0, name)
      await expectProblem(answer, 503, 'unavailable')
    }
    await eventually(async () => (await readiness(app.port)).status === 503)
    assert.equal((await person.get('/api/loans')).status, 200)
    await writing.works()
    await eventually(async () => (await readiness(app.port)).status === 200)
  }
  for (const answer of await write(app, person, room.id)) assert.ok(answer.ok, await answer.text())
  assert.equal((await messagesIn(person, room.id)).length, 1)
})

test('P1 A sign-up that Postgres cannot make is 503 too.', async (t) => {
  const app = await testApp(t)
  const writing = await refusing(t, app, 'user')
  await writing.fails('53100')
  const signUp = () =>
    fetch(`http://127.0.0.1:${app.port}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Somebody', email: 'somebody@example.test', password }),
    })
  await expectProblem(await signUp(), 503, 'unavailable')
  await writing.works()
  assert.equal((await signUp()).status, 200)
})

test('P7 What Postgres undoes for the sake of another is done again, and nobody notices.', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const room = await roomOf(person)
  const writing = await refusing(t, app)
  for (const state of ['40001', '40P01']) {
    await writing.fails(state, 2)
    for (const answer of await write(app, person, room.id)) assert.ok(answer.ok, await answer.text())
    assert.ok((await writing.refused()) > 0)
  }
})

test('P1 P2 A Postgres that hangs is 503 within seconds, open streams stay, and all is well when it continues.', async (t) => {
  const cluster = await testCluster(t)
  const app = await appOn(t, cluster.url, { STATEMENT_TIMEOUT_MS: '1500', HEARTBEAT_MS: '200' })
  const person = await signedInPerson({ port: app.port, databaseUrl: cluster.url })
  const room = await roomOf(person)
  const open = await rawStream(app.port, '/api/streams/me', [`Cookie: ${person.cookie}`])
  await open.reach(1)

  await cluster.freeze()
  const frozenMs = performance.now()
  const answers = await Promise.all([
    ...(await write({ port: app.port }, person, room.id)),
    readiness(app.port),
    person.get('/api/rooms'),
    person.get('/api/account'),
  ])
  const tookMs = performance.now() - frozenMs
  for (const answer of answers) await expectProblem(answer, 503, 'unavailable')
  assert.ok(tookMs < 15_000, `It took ${tookMs} ms`)
  const beats = open.frames.length
  await eventually(() => open.frames.length > beats + 3)

  cluster.thaw()
  await eventually(async () => (await readiness(app.port)).status === 200)
  for (const answer of await write({ port: app.port }, person, room.id)) {
    assert.ok(answer.ok, await answer.text())
  }
  assert.ok(!open.frames.some(({ event }) => event === 'reset' || event === 'bye'))
  open.socket.destroy()
})

const readiness = (port: number) => fetch(`http://127.0.0.1:${port}/readyz`)

/** One write of each of several kinds. */
function write({ port }: { port: number }, person: Person, roomId: string): Promise<Response[]> {
  const at = person.via(port)
  return Promise.all([
    at.create('/api/loans', application),
    at.send('POST', `/api/rooms/${roomId}/messages`, { clientId: 'one', body: 'Hello' }),
    at.send('POST', '/api/posts', { body: 'It rains' }),
  ])
}

/** Makes Postgres refuse inserts into a table, always or a given number of times. */
async function refusing(t: TestContext, app: Pick<TestApp, 'databaseUrl'>, table = 'log_entry') {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  t.after(() => client.end())
  // A sequence is not rolled back with its transaction.
  await client.query(`
    CREATE SEQUENCE refusals;
    CREATE TABLE refusal (state text, times int);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE refusal refusal;
      BEGIN
        SELECT * INTO refusal FROM refusal;
        IF FOUND AND nextval('refusals') <= refusal.times THEN
          RAISE EXCEPTION 'refused' USING ERRCODE = refusal.state;
        END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER refused BEFORE INSERT ON "${table}" FOR EACH ROW EXECUTE FUNCTION refuse()`)
  const works = () => client.query('TRUNCATE refusal')
  return {
    works,
    async refused(): Promise<number> {
      const { rows } = await client.query<{ n: number }>('SELECT last_value::int AS n FROM refusals')
      return rows[0]?.n ?? 0
    },
    async fails(state: string, times = 1_000_000) {
      await client.query(`SELECT setval('refusals', 1, false)`)
      await works()
      await client.query('INSERT INTO refusal VALUES ($1, $2)', [state, times])
    },
  }
}
