import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { migrate, migrateJobs, NotUnicode } from '#prisma/migrate.ts'
import { seedDemo } from '#prisma/seed.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { loanIn } from '#server/testing/loans.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { appOn } from '#server/testing/test-app.ts'
import { onServer } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { connectClient } from './client.ts'
import { openDatabase } from './pool.ts'

/** Settings that an administrator may have made for a database or a role, each of which would break something. */
const odd = {
  timezone: 'Asia/Kolkata',
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  bytea_output: 'escape',
  extra_float_digits: '-4',
  standard_conforming_strings: 'off',
  search_path: 'nowhere',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  statement_timeout: '1ms',
  idle_session_timeout: '10ms',
}

test('A Postgres with other settings than ours is migrated, filled and served all the same.', async (t) => {
  const url = await oddDatabase(t)
  await migrate(url)
  await migrateJobs(url)
  await seedDemo(url)
  const database = openDatabase(url)
  t.after(database.close)
  const app = { ...(await appOn(t, url, { STAGE_MS: '300' })), databaseUrl: url }

  const loan = await loanIn(await signedInPerson(app), 'under-review')

  assert.deepEqual(
    loan.stages.map(({ status }) => status),
    ['submitted', 'verifying', 'credit-check', 'under-review'],
  )
  const times = loan.stages.map(({ at }) => Date.parse(at))
  const [{ now } = { now: new Date() }] = await database.prisma.$queryRaw<{ now: Date }[]>`SELECT now()`
  assert.ok(Math.abs(now.getTime() - Date.now()) < 60_000, 'the adapter reads times as they are')
  assert.ok(
    times.every((at, nth) => nth === 0 || at - (times[nth - 1] ?? 0) >= 250),
    `each step took its time: ${times}`,
  )
  assert.ok(now.getTime() - (times[0] ?? 0) < 60_000)
  const created = await database.prisma.loan.findUniqueOrThrow({ where: { id: loan.id } })
  assert.equal(created.createdAt.getTime(), Date.parse((loan as WireLoan).createdAt))
})

test('Options that the URL gives stand, as long as nothing of ours depends on them.', async (t) => {
  const { url } = await testDatabase(t)
  const client = await connectClient(
    `${url}?options=${encodeURIComponent('-c work_mem=7MB -c timezone=Japan')}`,
  )
  t.after(() => client.end())
  const { rows } = await client.query(
    `SELECT current_setting('work_mem') AS memory, current_setting('timezone') AS zone,
       current_setting('default_transaction_isolation') AS isolation`,
  )
  assert.deepEqual(rows, [{ memory: '7MB', zone: 'UTC', isolation: 'read committed' }])
})

test('A database that cannot hold every text is refused, with what to do.', async (t) => {
  const { url } = await testDatabase(t)
  const latin = Object.assign(new URL(url), { pathname: '/latin' }).href
  t.after(() => onServer(url, 'DROP DATABASE latin WITH (FORCE)'))
  await onServer(
    url,
    `CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'`,
  )
  await assert.rejects(migrate(latin), (error) => {
    assert.ok(error instanceof NotUnicode)
    assert.match(error.message, /^The database's encoding is LATIN1: create it with ENCODING 'UTF8'$/)
    return true
  })
})

async function oddDatabase(t: Pick<TestContext, 'after'>): Promise<string> {
  const { url } = await testDatabase(t)
  const name = new URL(url).pathname.slice(1)
  const client = await connectClient(url)
  await client.query('DROP SCHEMA public CASCADE; DROP SCHEMA graphile_worker CASCADE; CREATE SCHEMA public')
  for (const [setting, value] of Object.entries(odd)) {
    const values = value.split(', ').map((part) => `'${part}'`)
    await client.query(`ALTER DATABASE ${name} SET ${setting} = ${values.join(', ')}`)
  }
  await client.end()
  return url
}
