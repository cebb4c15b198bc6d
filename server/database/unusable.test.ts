import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import pg from 'pg'
import { migrate } from '#prisma/migrate.ts'
import { freePort } from '#server/database/ports.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { assertDatabase, DatabaseUnusable, preparing } from './unusable.ts'

const wrong = 'a-wrong-one'

test('What is wrong with a database is one line that says what to mend, without the password.', async (t) => {
  const { url } = await testDatabase(t)
  const closed = await freePort()
  const other = await noPostgres(t)
  const urls: [url: string, says: RegExp][] = [
    [changed(url, { pathname: '/missing' }), /there is no database "missing" at 127\.0\.0\.1:\d+; create it/],
    [changed(url, { password: wrong }), /does not let the user "\w+" in: wrong password/],
    [changed(url, { password: '' }), /127\.0\.0\.1:\d+/],
    [changed(url, { username: 'nobody', password: wrong }), /does not let the user "nobody" in/],
    [changed(url, { port: String(closed) }), /no Postgres answers at 127\.0\.0\.1:/],
    [changed(url, { hostname: 'db.invalid' }), /the name of db\.invalid:\d+ does not resolve/],
    [changed(url, { port: String(other) }), /127\.0\.0\.1:\d+/],
    [changed(url, { search: '?sslmode=require' }), /SSL/],
  ]
  for (const [bad, says] of urls) {
    const line = await refusal(() => assertDatabase(bad))
    assert.match(line, /^DATABASE_URL: .+$/)
    assert.match(line, says)
    assert.ok(!line.includes(wrong) && !line.includes(new URL(url).password), line)
  }
  await assertDatabase(url)
})

test('A user without rights is told when the database is prepared; what is a fault of ours stays one.', async (t) => {
  const { url } = await testDatabase(t)
  const poor = await poorUser(t, url)
  await assertDatabase(poor)
  const line = await refusal(() => preparing(poor, () => migrate(poor)))
  assert.match(
    line,
    /the user "\w+" lacks rights in the database "\w+" .*\(permission denied .*make it the owner$/,
  )
  const fault = new TypeError('a fault of ours')
  await assert.rejects(
    preparing(url, () => Promise.reject(fault)),
    fault,
  )
})

async function refusal(act: () => Promise<void>): Promise<string> {
  const error = await act().then(
    () => assert.fail('It is taken'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DatabaseUnusable, String(error))
  return error.message
}

async function noPostgres(t: TestContext): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).end('220 this is mail\r\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

function changed(url: string, parts: Partial<URL>): string {
  return Object.assign(new URL(url), parts).href
}

/** A role that may connect to a fresh database, and nothing more. */
async function poorUser(t: TestContext, url: string): Promise<string> {
  const name = `poor_${process.pid}`
  const root = new pg.Client({ connectionString: url })
  await root.connect()
  await root.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`)
  await root.query(`CREATE ROLE ${name} LOGIN PASSWORD '${wrong}'`)
  t.after(async () => {
    await root.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await root.query(`DROP ROLE ${name}`)
    await root.end()
  })
  return changed(url, { pathname: `/${name}`, username: name, password: wrong })
}
