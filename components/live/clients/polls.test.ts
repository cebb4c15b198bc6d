import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepConnected } from '#components/live/keep-connected.ts'
import { type PageActivity, watchPage } from '#components/live/liveness.ts'
import type { Fetch } from '#components/live/request.ts'
import { fakeClock, settled } from '#components/live/testing/fake-clock.ts'
import type { Step, Subject } from './client.ts'
import { longPoll } from './long-poll.ts'
import { shortPoll } from './short-poll.ts'

const loan: Subject = { url: '/api/loans/1' }

test('Asks with the last ETag, past the browser cache, and yields what is new', async () => {
  const page = watch(loan, [
    ok({ status: 'submitted' }, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }),
    same({ 'Retry-After': '30' }),
  ])
  await page.pass(30_000)
  const [first, second] = page.asked
  assert.equal(first?.headers.get('if-none-match'), null)
  assert.equal(second?.headers.get('if-none-match'), '"k7aa.1-x"')
  assert.equal(second?.cache, 'no-store')
  assert.deepEqual(page.news(), [{ status: 'submitted' }])
})

test('In short mode the pause is what the server advises, to the millisecond', async () => {
  const page = watch(loan, [
    ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }),
    same({ 'Retry-After': '2' }),
    pending(),
  ])
  await page.pass(29_999)
  assert.equal(page.asked.length, 1)
  assert.deepEqual(page.last(), { type: 'waiting', adviceMs: 30_000, nextTryAtMs: page.clock.now() + 1 })
  await page.pass(1)
  assert.equal(page.asked.length, 2)
  await page.pass(2_000)
  assert.equal(page.asked.length, 3)
})

test('Without advice a given interval is the pause', async () => {
  const page = watch(loan, [ok({}, { ETag: '"k7aa.1-x"' }), pending()], { everyMs: 5_000 })
  await page.pass(4_999)
  assert.equal(page.asked.length, 1)
  await page.pass(1)
  assert.equal(page.asked.length, 2)
})

test('Advice may be a date; advice of nothing at all still leaves half a second', async () => {
  const inAMinute = new Date(Date.UTC(2026, 10, 24, 9, 1, 0)).toUTCString()
  const page = watch(loan, [ok({}, { 'Retry-After': inAMinute }), ok({}, { 'Retry-After': '0' }), pending()])
  await page.pass(59_999)
  assert.equal(page.asked.length, 1)
  await page.pass(1)
  assert.equal(page.asked.length, 2)
  await page.pass(499)
  assert.equal(page.asked.length, 2)
  await page.pass(1)
  assert.equal(page.asked.length, 3)
})

test('Stops where the server gives no more advice: the state is final', async () => {
  const page = watch(loan, [ok({ status: 'paid-out' }, { ETag: '"k7aa.7-x"' })])
  await page.pass(600_000)
  assert.deepEqual(page.types(), ['requesting', 'changed', 'ended'])
  assert.equal(page.asked.length, 1)
  assert.equal(page.clock.asleep, 0)
})

test('In long mode each ask is held and the next follows at once, after news and after the deadline', async () => {
  const page = watch(
    loan,
    [
      ok({ status: 'submitted' }, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }),
      after(25_000, same({ 'Retry-After': '30' })),
      after(4_000, ok({ status: 'verifying' }, { ETag: '"k7aa.2-x"', 'Retry-After': '30' })),
      pending(),
    ],
    { mode: 'long' },
  )
  await page.pass(0)
  assert.equal(page.asked.length, 2)
  assert.equal(page.asked[1]?.headers.get('prefer'), 'wait=25')
  await page.pass(25_000)
  assert.equal(page.asked.length, 3)
  assert.equal(page.asked[2]?.headers.get('if-none-match'), '"k7aa.1-x"')
  await page.pass(4_000)
  assert.equal(page.asked.length, 4)
  assert.equal(page.asked[3]?.headers.get('if-none-match'), '"k7aa.2-x"')
  assert.deepEqual(page.news(), [{ status: 'submitted' }, { status: 'verifying' }])
  assert.ok(!page.types().includes('waiting'))
})

test('A long poll that nobody held does not spin: it pauses as a short one', async () => {
  const page = watch(
    loan,
    [ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }), same({ 'Retry-After': '30' }), pending()],
    {
      mode: 'long',
    },
  )
  await page.pass(29_999)
  assert.equal(page.asked.length, 2)
  await page.pass(1)
  assert.equal(page.asked.length, 3)
})

test('A switch of mode takes effect at once: it ends the held ask', async () => {
  const page = watch(
    loan,
    [ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }), pending(), same({ 'Retry-After': '30' })],
    {
      mode: 'long',
    },
  )
  await page.pass(10_000)
  page.switchTo('short')
  await page.pass(0)
  assert.equal(page.asked[1]?.signal?.aborted, true)
  assert.equal(page.asked[2]?.headers.get('prefer'), null)
  assert.equal(page.last()?.type, 'waiting')
})

test('After a cut line the next ask is not held, so that the page learns at once that the line is back', async () => {
  const cut = () => Promise.reject(new TypeError('Failed to fetch'))
  const page = watch(
    loan,
    [ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }), cut, same({ 'Retry-After': '30' }), pending()],
    { mode: 'long' },
  )
  await page.pass(0)
  assert.deepEqual(
    page.asked.map(({ headers }) => headers.get('prefer')),
    ['wait=25', 'wait=25', null, 'wait=25'],
  )
})

test('"Check now" cuts the pause short', async () => {
  const page = watch(loan, [
    ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }),
    same({ 'Retry-After': '30' }),
    pending(),
  ])
  await page.pass(5_000)
  page.activity.interrupt()
  await page.pass(0)
  assert.equal(page.asked.length, 2)
  await page.pass(29_999)
  assert.equal(page.asked.length, 2)
})

test('A hidden tab does not ask and holds nothing; shown again, it asks at once', async () => {
  const page = watch(loan, [ok({}, { ETag: '"k7aa.1-x"', 'Retry-After': '30' }), pending(), pending()], {
    mode: 'long',
  })
  await page.pass(1_000)
  page.hide(true)
  await page.pass(3_600_000)
  assert.equal(page.last()?.type, 'paused')
  assert.equal(page.asked[1]?.signal?.aborted, true)
  assert.equal(page.asked.length, 2)
  page.hide(false)
  await page.pass(0)
  assert.equal(page.asked.length, 3)
})

test('A tab opened in the background waits until it is seen', async () => {
  const page = watch(loan, [pending()], { hidden: true })
  await page.pass(60_000)
  assert.equal(page.asked.length, 0)
  page.hide(false)
  await page.pass(0)
  assert.equal(page.asked.length, 1)
})

test('Backs off with full jitter from 0.5 s to 3 s while no answer comes, and forgets it with the first one', async () => {
  const cut = () => Promise.reject(new TypeError('Failed to fetch'))
  const page = watch(loan, [...Array(6).fill(cut), same({ 'Retry-After': '30' }), cut, pending()], {
    random: () => 0.5,
  })
  await page.pass(0)
  for (const [tries, pauseMs] of [250, 500, 1_000, 1_500, 1_500, 1_500].entries()) {
    await page.pass(pauseMs - 1)
    assert.equal(page.asked.length, tries + 1)
    await page.pass(1)
    assert.equal(page.asked.length, tries + 2)
  }
  await page.pass(30_000)
  assert.equal(page.asked.length, 8)
  await page.pass(250)
  assert.equal(page.asked.length, 9)
})

test('Obeys Retry-After in a refusal, and says which request it was', async () => {
  const page = watch(loan, [
    problem(503, 'unavailable', { 'Retry-After': '5', 'X-Request-Id': 'r-8f21' }),
    problem(429, 'rate-limited', { 'Retry-After': '9' }),
    pending(),
  ])
  await page.pass(4_999)
  assert.equal(page.asked.length, 1)
  const failed = page.last()
  assert.ok(failed?.type === 'failed' && failed.problem?.requestId === 'r-8f21')
  await page.pass(1)
  assert.equal(page.asked.length, 2)
  await page.pass(9_000)
  assert.equal(page.asked.length, 3)
})

test('The line that comes back is used at once, without sitting out the pause', async () => {
  const cut = () => Promise.reject(new TypeError('Failed to fetch'))
  const page = watch(loan, [cut, cut, pending()], { random: () => 1 })
  await page.pass(0)
  assert.equal(page.last()?.type, 'failed')
  page.line('online')
  await page.pass(0)
  page.line('online')
  await page.pass(0)
  assert.equal(page.asked.length, 3)
})

test('A server that says nothing for ten seconds counts as a cut line', async () => {
  const page = watch(loan, [pending(), pending()])
  await page.pass(9_999)
  assert.equal(page.last()?.type, 'requesting')
  await page.pass(1)
  assert.equal(page.asked[0]?.signal?.aborted, true)
  assert.equal(page.asked.length, 2)
})

test('An answer cut in its body is not news and does not move the validator', async () => {
  const torn = () => Promise.resolve(new Response('{"status":"verif', { headers: { ETag: '"k7aa.2-x"' } }))
  const page = watch(loan, [torn, pending()])
  await page.pass(0)
  assert.deepEqual(page.news(), [])
  assert.equal(page.asked[1]?.headers.get('if-none-match'), null)
})

for (const [status, slug, end] of [
  [401, 'unauthenticated', 'signed-out'],
  [404, 'not-found', 'refused'],
] as const) {
  test(`${status} ends the poll as ${end}, without another try`, async () => {
    const page = watch(loan, [problem(status, slug)])
    await page.pass(600_000)
    assert.deepEqual(page.types(), ['requesting', end])
    assert.equal(page.asked.length, 1)
    assert.equal(page.clock.asleep, 0)
  })
}

test('A stream is read on from where each page ended, at once while there is more', async () => {
  const page = watch(
    { name: 'pulse', after: 'now' },
    [
      ok({ entries: [{ seq: 1 }], next: 'k7aa.1', head: 'k7aa.2', more: true }),
      ok({ entries: [{ seq: 2 }], next: 'k7aa.2', head: 'k7aa.2', more: false }),
      pending(),
    ],
    { everyMs: 5_000 },
  )
  await page.pass(5_000)
  assert.deepEqual(
    page.asked.map(({ url }) => url),
    ['now', 'k7aa.1', 'k7aa.2'].map((after) => `/api/streams/pulse?after=${after}`),
  )
})

test('A reset starts again from the head, without the old validator, and says so', async () => {
  const page = watch(
    { name: 'pulse', after: 'k7aa.9' },
    [problem(410, 'stream-reset', {}, { head: 'm2bb.4', reason: 'epoch' }), pending()],
    { everyMs: 5_000 },
  )
  await page.pass(500)
  assert.deepEqual(page.steps[1], { type: 'reset', head: 'm2bb.4', reason: 'epoch' })
  assert.equal(page.asked[1]?.url, '/api/streams/pulse?after=m2bb.4')
  assert.equal(page.asked[1]?.headers.get('if-none-match'), null)
})

test('Leaving ends the ask under way, the poll and every timer', async () => {
  const page = watch(loan, [pending()])
  await page.pass(0)
  page.leave()
  await page.finished
  assert.equal(page.asked[0]?.signal?.aborted, true)
  assert.equal(page.clock.asleep, 0)
})

const polls = { short: shortPoll, long: longPoll }

// ---- A page that polls a server with scripted responses

type Exchange = () => Promise<Response>
type Asked = { url: string; headers: Headers; cache?: RequestCache; signal?: AbortSignal | null }
type Mode = keyof typeof polls
type Setup = { mode?: Mode; everyMs?: number; random?: () => number; hidden?: boolean }

function watch(
  subject: Subject,
  script: (Exchange | ((at: Scripted) => Promise<Response>))[],
  setup: Setup = {},
) {
  const clock = fakeClock()
  const leaving = new AbortController()
  const document = Object.assign(new EventTarget(), { hidden: setup.hidden ?? false })
  const window = new EventTarget()
  const activity: PageActivity = watchPage({ document, window }, 'pause')
  const asked: Asked[] = []
  const steps: Step[] = []
  let switched = new AbortController()
  let etag: string | undefined

  const fetch: Fetch = async (url, init = {}) => {
    asked.push({ url, headers: new Headers(init.headers), cache: init.cache, signal: init.signal })
    const next = script[asked.length - 1]
    assert.ok(next, `Asked ${asked.length} times, the script has ${script.length} answers`)
    init.signal?.throwIfAborted()
    return next({ clock, signal: init.signal ?? leaving.signal })
  }

  const run = async (mode: Mode) => {
    const signal = AbortSignal.any([leaving.signal, switched.signal])
    const { everyMs, random = () => 0 } = setup
    const options = { activity, clock, fetch, signal, everyMs, random }
    for await (const step of keepConnected<unknown, Subject>(polls[mode], { ...subject, etag }, options)) {
      if (signal.aborted) return
      if (step.type === 'changed') etag = step.etag
      steps.push(step)
    }
  }
  return {
    clock,
    activity,
    asked,
    steps,
    finished: run(setup.mode ?? 'short'),
    pass: (ms: number) => clock.pass(ms).then(settled),
    last: () => steps.at(-1),
    types: () => steps.map(({ type }) => type),
    news: () => steps.flatMap((step) => (step.type === 'changed' ? [step.value] : [])),
    switchTo(next: Mode) {
      switched.abort()
      switched = new AbortController()
      void run(next)
    },
    hide(hidden: boolean) {
      document.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    },
    line: (event: 'online' | 'offline') => window.dispatchEvent(new Event(event)),
    leave: () => leaving.abort(),
  }
}

type Scripted = { clock: ReturnType<typeof fakeClock>; signal: AbortSignal }

function ok(body: unknown, headers: Record<string, string> = {}): Exchange {
  return () => Promise.resolve(Response.json(body, { headers }))
}

function same(headers: Record<string, string> = {}): Exchange {
  return () => Promise.resolve(new Response(null, { status: 304, headers }))
}

function problem(
  status: number,
  slug: string,
  headers: Record<string, string> = {},
  members: object = {},
): Exchange {
  const body = JSON.stringify({ type: `/problems/${slug}`, title: slug, status, ...members })
  return () =>
    Promise.resolve(
      new Response(body, { status, headers: { 'Content-Type': 'application/problem+json', ...headers } }),
    )
}

/** Never responds; rejects as fetch does when it is aborted. */
function pending() {
  return ({ signal }: Scripted) =>
    new Promise<Response>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
}

/** Held for `ms`, then responds. */
function after(ms: number, answer: Exchange) {
  return async ({ clock, signal }: Scripted) => {
    await clock.sleep(ms, signal)
    return answer()
  }
}
