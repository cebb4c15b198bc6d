import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { App } from '#server/app.ts'
import { type TcpProxy, tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { entriesIn, expel, remove, roomOf, say } from '#server/testing/rooms.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { buy } from '#server/testing/trading.ts'

const promisedMs = 2_000
const never = { LISTEN_CHECK_MS: '3600000', LOG_CHECK_MS: '3600000', SESSION_CHECK_MS: '3600000' }

/** A URL for LISTEN through a middlebox that can drop the connection silently; everything else connects directly. */
async function lineTo(t: TestContext, url: string): Promise<TcpProxy & { url: string }> {
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  return { ...line, url: Object.assign(new URL(url), { port: String(line.port) }).href }
}

const ready = ({ port }: App) => fetch(`http://127.0.0.1:${port}/readyz`)
const isReady = async (app: App) => (await ready(app)).status === 200

test('L7 Words that were taken back are gone within 2 s where LISTEN is half open, and so are rights that ended.', async (t) => {
  const { url } = await testDatabase(t)
  const line = await lineTo(t, url)
  const app = await appOn(t, url)
  const deaf = await appOn(t, url, { LISTEN_CHECK_MS: '3600000' }, undefined, undefined, line.url)
  const control = await appOn(t, url, never, undefined, undefined, line.url)
  await eventually(async () => (await isReady(deaf)) && (await isReady(control)))
  const people = { port: app.port, databaseUrl: url }
  const [ann, bob, cleo] = [
    await signedInPerson(people),
    await signedInPerson(people),
    await signedInPerson(people),
  ]
  const room = await roomOf(ann, [bob, cleo])
  const message = await say(ann, room.id, `@${bob.id} secret`)
  await say(ann, room.id, 'an answer', { replyTo: message.seq })
  const seenAt = async ({ port }: App) =>
    JSON.stringify([
      await entriesIn(bob.via(port), room.id),
      await (await bob.via(port).get('/api/streams/me')).text(),
    ])
  for (const node of [deaf, control]) {
    await eventually(async () => (await seenAt(node)).split('secret').length - 1 === 3)
  }
  const cleoReads = ({ port }: App) => cleo.via(port).get(`/api/streams/room:${room.id}`)
  const annIs = ({ port }: App) => ann.via(port).get('/api/streams/me')
  for (const node of [deaf, control]) {
    assert.deepEqual([(await cleoReads(node)).status, (await annIs(node)).status], [200, 200])
  }

  line.swallow()
  await remove(ann, room.id, message)
  const removedAt = performance.now()
  await eventually(async () => !(await seenAt(deaf)).includes('secret'))
  assert.ok(performance.now() - removedAt < promisedMs)

  await expel(ann, room.id, cleo)
  const putOutAt = performance.now()
  await eventually(async () => (await cleoReads(deaf)).status === 403)
  assert.ok(performance.now() - putOutAt < promisedMs)

  assert.equal((await ann.send('POST', '/api/auth/sign-out', {})).status, 200)
  const signedOutAt = performance.now()
  await eventually(async () => (await annIs(deaf)).status === 401)
  assert.ok(performance.now() - signedOutAt < promisedMs)

  assert.ok((await seenAt(control)).includes('secret'), 'without the checks nothing heals')
  assert.deepEqual([(await cleoReads(control)).status, (await annIs(control)).status], [200, 200])
})

test('T15 Prices and orders come back by themselves where LISTEN is half open, and readiness says what is so.', async (t) => {
  const { url } = await testDatabase(t)
  const line = await lineTo(t, url)
  const moves = { TICKS_PER_SECOND: '300', ORDERS_PER_SECOND: '1000' }
  const maker = await appOn(t, url, moves)
  const settings = { ...moves, ROLES: 'web,gateway', LISTEN_CHECK_MS: '300' }
  const node = await appOn(t, url, settings, undefined, undefined, line.url)
  const person = await signedInPerson({ port: node.port, databaseUrl: url })
  await eventually(async () => (await isReady(node)) && (await isTrading(person)))

  line.refuse()
  line.swallow()
  await eventually(async () => !(await isReady(node)))
  await expectProblem(await ready(node), 503, 'unavailable')
  assert.ok(await isReady(maker))
  // Longer than unmoved prices can be traded at.
  const { prices } = node.context
  for (let second = 0; second < 12; second += 1) {
    const version = prices.version()
    await eventually(() => prices.version() > version)
    assert.ok(prices.isFresh())
  }
  assert.ok(await isTrading(person))
  assert.equal(await isReady(node), false)

  line.accept()
  await eventually(() => isReady(node))
  assert.ok(await isTrading(person))
})

async function isTrading(person: Person): Promise<boolean> {
  const { status } = await person.create('/api/orders', buy(1))
  assert.ok(status === 201 || status === 503, `${status}`)
  return status === 201
}
