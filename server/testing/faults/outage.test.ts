import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, password, signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord, postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testCluster } from '#server/testing/test-cluster.ts'

const outageMs = 5_000
const healMs = 5_000
const hangMs = 5_500
const gapMs = 100

test('Postgres away for 5 s under load: 503 and never 500, nothing hangs, who waits survives, and all catch up.', async (t) => {
  const cluster = await testCluster(t)
  const app = await appOn(t, cluster.url, {
    STAGE_MS: '100',
    MAX_LONG_POLLS_PER_USER: '20',
    LOANS_PER_MINUTE: '1000',
    DECISIONS_PER_MINUTE: '1000',
    POSTS_PER_MINUTE: '1000',
    LIKES_PER_MINUTE: '1000',
  })
  const node = { port: app.port, databaseUrl: cluster.url }
  const [borrower, officer, late] = [
    await signedInPerson(node),
    await signedInPerson(node, 'officer'),
    await signedInPerson(node),
  ]
  const anyone = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${app.port}${path}`, init)
  const signIn = () =>
    anyone('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: borrower.email, password }),
    })
  const waiting = await Promise.all(Array.from({ length: 6 }, () => loanIn(borrower, 'under-review')))
  const polled = waiting[0] as WireLoan
  const acknowledged: string[] = []
  const post = await postBy(borrower)
  let toggles = 0

  const fromMemory = [
    arm('poll', () => borrower.get(`/api/loans/${polled.id}`)),
    arm('stream', () => borrower.get(`/api/streams/loan:${polled.id}`)),
    arm('healthy', () => anyone('/healthz')),
  ]
  const asking = [
    arm('submit', async () => {
      const answer = await borrower.create('/api/loans', application)
      if (answer.status === 201) acknowledged.push(((await answer.clone().json()) as WireLoan).id)
      return answer
    }),
    arm('list', () => borrower.get('/api/loans')),
    arm('a loan that is not there', () => borrower.get('/api/loans/L-0000000000'), [404]),
    arm(
      'decide',
      () => officer.send('POST', `/api/loans/${polled.id}/decision`, { decision: 'retry' }),
      [409],
    ),
    arm('notifications', () => borrower.get('/api/notifications')),
    arm('post', () => borrower.send('POST', '/api/posts', { body: 'Still here' })),
    arm('like', () => {
      toggles += 1
      return officer.send(toggles % 2 === 0 ? 'DELETE' : 'PUT', `/api/posts/${post.id}/like`)
    }),
    arm('session', () => borrower.get('/api/auth/get-session')),
    arm('sign-in', signIn),
    arm('ready', () => anyone('/readyz')),
  ]
  const load = [...asking, ...fromMemory]
  const held = waiting.map((loan) => follow(borrower, loan))
  await eventually(() => app.context.heldRequests.size === held.length)
  await eventually(() => load.every(({ good }) => good() > 0))
  t.after(() => Promise.allSettled(load.map((each) => each.stop())))
  /** Each arm has had a good response since, and every loan submitted so far is under review. */
  const allCaughtUp = async () => {
    await Promise.all(load.map((each) => each.nextGood()))
    await allUnderReview([...acknowledged])
  }
  const allUnderReview = (ids: string[]) => eventually(async () => (await unfinished(borrower, ids)) === 0)
  // After an outage it may take as much longer as it takes on this machine without one.
  const calmMs = performance.now()
  await allCaughtUp()
  const usualMs = performance.now() - calmMs

  await cluster.stop()
  const away = Promise.all(asking.map((each) => each.next503()))
  // A session that the process has never seen must be read from Postgres.
  await expectProblem(await late.get('/api/loans'), 503, 'unavailable')
  await pause(outageMs)
  await cluster.start()
  const backMs = performance.now()
  await away
  // As soon as possible: requests held during the outage must not be refused because of it.
  await eventually(async () => (await decide(officer, waiting)) === waiting.length)
  for (const [nth, answer] of (await Promise.all(held)).entries()) {
    assert.equal(answer.status, 200)
    const { entries } = (await answer.json()) as WirePage
    assert.deepEqual([entries[0]?.type, entries[0]?.seq], ['loan.declined', 5], String(nth))
  }
  await allCaughtUp()
  const healedMs = performance.now() - backMs

  const faults = await Promise.all(load.map((each) => each.stop()))
  for (const { name, statuses, slowestMs } of faults) {
    assert.ok(slowestMs < hangMs + usualMs, `${name} took ${slowestMs} ms`)
    const others = [...statuses].filter((status) => status !== 503 && status >= 500)
    assert.deepEqual(others, [], name)
  }
  assert.ok(healedMs < healMs + usualMs, `It took ${healedMs} ms, and without an outage ${usualMs} ms`)
  // Loans submitted at the very end are still processed, and notify.
  await allUnderReview(acknowledged)
  await holdToItsWord(borrower)
})

/** Repeats the same request, and records the outcomes. */
function arm(name: string, ask: () => Promise<Response>, goods: number[] = [200, 201]) {
  const statuses = new Set<number>()
  let [good, unavailable, slowestMs, stopped] = [0, 0, 0, false]
  async function run() {
    while (!stopped) {
      const startedMs = performance.now()
      const answer = await ask()
      slowestMs = Math.max(slowestMs, performance.now() - startedMs)
      statuses.add(answer.status)
      if (goods.includes(answer.status)) good += 1
      if (answer.status === 503) {
        unavailable += 1
        assert.ok(Number(answer.headers.get('retry-after')) > 0)
        await expectProblem(answer, 503, 'unavailable')
      } else await answer.bytes()
      await pause(gapMs)
    }
  }
  const running = run()
  const past = (count: () => number) => {
    const from = count()
    return eventually(() => count() > from)
  }
  return {
    good: () => good,
    next503: () => past(() => unavailable),
    nextGood: () => past(() => good),
    async stop() {
      stopped = true
      await running
      return { name, statuses, slowestMs }
    },
  }
}

function follow(person: Person, loan: WireLoan): Promise<Response> {
  return person.get(`/api/streams/loan:${loan.id}?after=${loan.cursor}`, { prefer: 'wait=25' })
}

async function decide(officer: Person, loans: WireLoan[]): Promise<number> {
  const answers = await Promise.all(
    loans.map(({ id }) => officer.send('POST', `/api/loans/${id}/decision`, { decision: 'decline' })),
  )
  await Promise.all(answers.map((answer) => answer.bytes()))
  return answers.filter(({ status }) => status === 200 || status === 409).length
}

/** How many of the loans are not yet under review. */
async function unfinished(person: Person, ids: string[]): Promise<number> {
  const answers = await Promise.all(ids.map((id) => person.get(`/api/loans/${id}`)))
  const loans = await Promise.all(answers.map((answer) => answer.json() as Promise<WireLoan>))
  return loans.filter(({ status }) => status !== 'under-review').length
}
