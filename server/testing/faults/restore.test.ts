import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '@redis/client'
import { connectClient } from '#server/database/client.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventStream } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { done } from '#server/testing/rooms.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'

test('A backup restored under a running node: what it does not know is over, and what it knows continues.', {
  timeout: 240_000,
}, async (t) => {
  const cluster = await testCluster(t)
  const app = { ...(await appOn(t, cluster.url)), databaseUrl: cluster.url }
  const kept = await signedInPerson(app)
  const loan = await loanIn(kept, 'under-review')
  await cluster.backUp()
  await eventually(async () => (await kept.get('/readyz')).status === 200)
  const lost = await signedInPerson(app)
  const lostLoan = await loanIn(lost, 'under-review')
  const stream = await eventStream(kept, `loan:${loan.id}`, { after: loan.cursor })
  const frames = stream[Symbol.asyncIterator]()
  const held = lost.get(`/api/streams/loan:${lostLoan.id}?after=${lostLoan.cursor}`, { prefer: 'wait=25' })

  await cluster.restore()
  const statuses = writesUntil(lost, 401)
  await renewEpoch(cluster.url)

  assert.deepEqual(
    (await statuses).filter((status) => ![201, 401, 503].includes(status)),
    [],
  )
  assert.equal((await held).status, 401)
  assert.equal((await lost.get('/api/notifications')).status, 401)
  assert.equal((await kept.get(`/api/loans/${lostLoan.id}`)).status, 404)
  assert.equal(await firstEvent(frames, ['reset', 'bye']), 'reset')
  await stream.close()
  assert.equal((await kept.get(`/api/streams/loan:${loan.id}?after=${loan.cursor}`)).status, 410)
  await loanIn(kept, 'under-review')
})

test('A backup restored without a new epoch: what Redis kept of the life that was lost is not shown', {
  skip: noRedis,
  timeout: 240_000,
}, async (t) => {
  const [cluster, redis] = [await testCluster(t), await testRedis(t)]
  const app = { ...(await appOn(t, cluster.url, { REDIS_URL: redis.url })), databaseUrl: cluster.url }
  const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
  const { id } = await loanIn(borrower, 'under-review')
  const decide = async (decision: object) =>
    done<WireLoan>(officer.send('POST', `/api/loans/${id}/decision`, decision), 200)
  const polled = async () => done<WireLoan>(borrower.get(`/api/loans/${id}`), 200)
  await cluster.backUp()
  await eventually(async () => (await borrower.get('/readyz')).status === 200)
  const { cursor } = await decide({ decision: 'decline', note: 'In the life that is lost' })
  assert.equal((await polled()).status, 'declined')
  const raw = await createClient({ url: redis.url })
    .on('error', () => undefined)
    .connect()
  t.after(() => raw.destroy())
  const key = cursor.replace('.', `:${id}:`)
  const kept = await eventually(() => raw.get(key))

  await cluster.restore()
  await eventually(async () => {
    const response = await borrower.get(`/api/loans/${id}`)
    const text = await response.text()
    return response.status === 200 && JSON.parse(text).status === 'under-review'
  })
  assert.equal(await raw.get(key), kept, 'the control arm: who looks there sees it declined')
  const again = await decide({ decision: 'approve' })
  assert.equal(again.cursor, cursor, 'seqs count again')
  assert.ok(['approved', 'paying-out', 'paid-out'].includes((await polled()).status))
})

test('Rows that were taken away under a node without a word of it, and a new epoch: it forgets them.', {
  timeout: 240_000,
}, async (t) => {
  const { url } = await testDatabase(t)
  const app = { ...(await appOn(t, url)), databaseUrl: url }
  const kept = await signedInPerson(app)
  const lost = await signedInPerson(app)
  const other = await signedInPerson(app, 'officer')
  const held = await Promise.all([kept, lost, other].map(holdPoll))
  await eventually(() => app.context.heldRequests.size === 3)

  await silently(
    url,
    `DELETE FROM session WHERE "userId" = '${lost.id}';
    DELETE FROM account WHERE "userId" = '${lost.id}'; DELETE FROM bell WHERE "userId" = '${lost.id}';
    DELETE FROM "user" WHERE id = '${lost.id}'; UPDATE "user" SET role = 'customer' WHERE id = '${other.id}'`,
  )
  const early = await lost.create('/api/loans', application)
  assert.equal(early.status, 503, 'nothing was written, and asking again will tell')
  assert.ok(early.headers.get('retry-after'))
  await renewEpoch(url)

  assert.equal((await held[1]?.answer)?.status, 401)
  assert.equal((await held[2]?.answer)?.status, 401, 'their rights are others now')
  assert.equal((await held[0]?.answer)?.status, 410)
  assert.equal((await lost.create('/api/loans', application)).status, 401)
  const created = await kept.create('/api/loans', application)
  assert.equal(created.status, 201)
  const { id } = (await created.json()) as WireLoan
  assert.equal((await other.get(`/api/loans/${id}`)).status, 404)
})

/** A long poll of the person's own stream with nothing to deliver. */
async function holdPoll(person: Person): Promise<{ answer: Promise<Response> }> {
  const first = await person.get('/api/streams/me?after=now')
  const { next } = (await first.json()) as WirePage
  return { answer: person.get(`/api/streams/me?after=${next}`, { prefer: 'wait=25' }) }
}

/** Writes until the response has status `last`; returns all statuses. */
async function writesUntil(person: Person, last: number): Promise<number[]> {
  const statuses: number[] = []
  await eventually(async () => {
    const { status } = await person.create('/api/loans', application)
    statuses.push(status)
    return status === last
  })
  return statuses
}

async function firstEvent(
  frames: AsyncIterator<{ event?: string | undefined }>,
  wanted: string[],
): Promise<string | undefined> {
  for (;;) {
    const { value, done } = await frames.next()
    if (done) return undefined
    if (value.event && wanted.includes(value.event)) return value.event
  }
}

/** The same as `npm run new-epoch`. */
async function renewEpoch(url: string): Promise<void> {
  await silently(url, `UPDATE log_epoch SET epoch = 'restored'`)
}

/** Without the notifying triggers, as when a backup is restored. */
async function silently(url: string, statements: string): Promise<void> {
  const client = await connectClient(url)
  await client.query(`SET session_replication_role = replica; ${statements}`)
  await client.end()
}
