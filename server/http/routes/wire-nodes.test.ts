import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import type { WireExchanges } from '#server/protocol/exchanges.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

for (const engine of ['Postgres', 'Redis'] as const) {
  const skip = engine === 'Redis' ? noRedis : false

  test(`RO5 A web tells what the gateways have counted too, over ${engine}; of a frozen one that it does not answer.`, {
    skip,
  }, async (t) => {
    const { url } = await testDatabase(t)
    const common: Record<string, string> = {
      ...(engine === 'Redis' && { REDIS_URL: (await testRedis(t)).url }),
    }
    const web = await appOn(t, url, { ...common, ROLES: 'web' })
    const near = await appOn(t, url, { ...common, ROLES: 'gateway' })
    const far = await childApp(t, url, { ...common, ROLES: 'gateway' })
    const person = await signedInPerson({ port: web.port, databaseUrl: url })
    const other = await signedInPerson({ port: web.port, databaseUrl: url })
    const path = '/api/streams/me'
    const cookie = [`cookie: ${person.cookie}`]
    const streams = [await rawStream(near.port, path, cookie), await rawStream(far.port, path, cookie)]
    t.after(() => {
      for (const { socket } of streams) socket.destroy()
    })

    const open = ({ exchanges }: WireExchanges) => exchanges.filter((each) => each.open).length
    const all = await eventually(async () => {
      const found = await wireOf(person)
      return open(found) === 2 && found
    })
    assert.deepEqual(all.silent, [])
    assert.ok(all.exchanges.every((each) => each.open === true || each.path !== path))
    assert.equal(open(await wireOf(other)), 0)

    const frozen = `${hostname()}:${far.port}`
    far.signal('SIGSTOP')
    // On a busy machine another node may be late too.
    const { without, tookMs } = await eventually(async () => {
      const startedAt = performance.now()
      const found = await wireOf(person)
      return found.silent.join() === frozen && { without: found, tookMs: performance.now() - startedAt }
    })
    assert.ok(tookMs >= 290, `${tookMs} ms`)
    assert.equal(open(without), 1)
    // A node that has been silent for this long is no longer waited for.
    await eventually(async () => (await wireOf(person)).silent.length === 0)
    far.signal('SIGCONT')
    await eventually(async () => open(await wireOf(person)) === 2)
  })
}

async function wireOf(person: Person): Promise<WireExchanges> {
  return (await (await person.get('/api/wire')).json()) as WireExchanges
}
