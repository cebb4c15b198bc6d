import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { App } from '#server/app.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, password, signedInPerson } from '#server/testing/person.ts'
import { noRedis } from '#server/testing/redis.ts'
import { connected, redisNodes } from '#server/testing/redis-nodes.ts'
import { done, roomOf } from '#server/testing/rooms.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'

const skip = noRedis
const few = { LOANS_PER_MINUTE: '3', SIGN_IN_FAILURES_PER_MINUTE: '3', CHAT_BURST: '3', CHAT_PER_SECOND: '1' }

test('With Redis two nodes allow together what one allows; without one, or while it is gone, each by itself', {
  skip,
}, async (t) => {
  const { redis, nodes, people } = await redisNodes(t, few)
  const [ann, bob] = people
  await assertAllowed(nodes, ann, 1)
  await redis.kill()
  // The counts were in Redis: each node starts over, as strict as without Redis.
  await assertAllowed(nodes, bob, 2)
  await redis.start()
  await connected(nodes)
  await assertAllowed(nodes, await signedInPerson(nodes[0]), 1)

  const apart = await testApp(t, few)
  const alone = [apart, await appOn(t, apart.databaseUrl, few)] as const
  // The control arm: nodes that count separately.
  await assertAllowed(alone, await signedInPerson(apart), 2)
})

test('A loan that one node has read, another does not read again; what Redis was made to say is not believed', {
  skip,
}, async (t) => {
  const { redis, nodes, people, raw } = await redisNodes(t)
  const [ann, officer] = [people[0], await signedInPerson(nodes[0], 'officer')]
  const mallory = await signedInPerson(nodes[0])
  const loan = await loanIn(ann, 'under-review')
  const keyOf = (cursor: string) => cursor.replace('.', `:${loan.id}:`)
  await eventually(() => raw.get(keyOf(loan.cursor)))

  const [, two, three] = [nodes[0], nodes[1], await nodeOn(t, nodes[0], redis.url)]
  const before = await cached(two)
  assert.deepEqual(await loanAt(ann, two, loan.id), loan)
  assert.deepEqual(await loanAt(officer, two, loan.id), loan, 'the officer is sent the same')
  assert.equal(
    (await mallory.via(two.port).get(`/api/loans/${loan.id}`)).status,
    404,
    'and nobody else anything',
  )
  assert.deepEqual(diff(before, await cached(two)), { hit: 1, miss: 0, invalid: 0, unavailable: 0 })

  const declined = { decision: 'decline', note: 'No' }
  const decided = await done<WireLoan>(officer.send('POST', `/api/loans/${loan.id}/decision`, declined), 200)
  assert.equal((await loanAt(ann, nodes[0], loan.id)).status, 'declined')
  await eventually(() => raw.get(keyOf(decided.cursor)))
  const older = (await raw.get(keyOf(loan.cursor))) ?? ''
  await raw.set(keyOf(decided.cursor), older)
  assert.match(older, /under-review/, 'the control arm: who believes Redis shows the loan as it was')
  const invalidBefore = (await cached(three)).invalid
  assert.equal((await loanAt(ann, three, loan.id)).status, 'declined')
  assert.equal((await cached(three)).invalid, invalidBefore + 1)

  const stolen = (await raw.get(keyOf(decided.cursor)))?.replaceAll(ann.id, mallory.id) ?? ''
  await raw.set(keyOf(decided.cursor), stolen)
  const four = await nodeOn(t, nodes[0], redis.url)
  assert.equal((await mallory.via(four.port).get(`/api/loans/${loan.id}`)).status, 404)
  assert.equal((await cached(four)).invalid, 1)
})

test('Who has changed a loan sees it changed at once, before the feed has read it', { skip }, async (t) => {
  const { nodes, people } = await redisNodes(t, { STAGE_MS: '1' })
  const officer = await signedInPerson(nodes[0], 'officer')
  for (let times = 0; times < 10; times += 1) {
    const { id } = await loanIn(people[0], 'under-review')
    await done(officer.send('POST', `/api/loans/${id}/decision`, { decision: 'decline', note: 'No' }), 200)
    assert.equal((await loanAt(officer, nodes[0], id)).status, 'declined')
  }
})

function nodeOn(t: TestContext, { databaseUrl }: { databaseUrl: string }, redisUrl: string): Promise<App> {
  return appOn(t, databaseUrl, { REDIS_URL: redisUrl })
}

type Nodes = readonly Pick<App, 'port'>[]

/** Ten attempts of each kind, alternating between the nodes: exactly `times` the limit are let in. */
async function assertAllowed(nodes: Nodes, person: Person, times: number) {
  const room = await roomOf(person)
  const tries = <T>(ask: (port: number, nth: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 10 }, (_, nth) => ask(nodes[nth % nodes.length]?.port ?? 0, nth)))
  const letIn = (answers: Response[], status: number) => {
    for (const answer of answers) assert.ok([status, 429].includes(answer.status), `${answer.status}`)
    return answers.filter((answer) => answer.status === status).length
  }
  const loans = await tries((port) => person.via(port).create('/api/loans', application))
  const signIns = await tries((port) =>
    fetch(`http://127.0.0.1:${port}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: person.email, password: `not ${password}` }),
    }),
  )
  const since = performance.now()
  const messages = await tries((port, nth) =>
    person.via(port).send('POST', `/api/rooms/${room.id}/messages`, { clientId: `m${nth}`, body: 'x' }),
  )
  const more = Math.ceil((performance.now() - since) / 1_000)
  assert.deepEqual([letIn(loans, 201), letIn(signIns, 401)], [3 * times, 3 * times])
  const sent = letIn(messages, 201)
  assert.ok(sent >= 3 * times && sent <= (3 + more) * times, `${sent} messages`)
}

async function loanAt(person: Person, { port }: { port: number }, id: string): Promise<WireLoan> {
  return done(person.via(port).get(`/api/loans/${id}`), 200)
}

type Counts = Record<'hit' | 'miss' | 'invalid' | 'unavailable', number>

async function cached({ context }: Pick<App, 'context'>): Promise<Counts> {
  const text = await context.metrics.registry.metrics()
  const found = text.matchAll(/^wireside_loan_cache_total\{result="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...found].map(([, result, count]) => [result, Number(count)])) as Counts
}

function diff(before: Counts, now: Counts): Counts {
  const names = Object.keys(now) as (keyof Counts)[]
  return Object.fromEntries(names.map((name) => [name, now[name] - before[name]])) as Counts
}
