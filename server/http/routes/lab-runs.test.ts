import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedRun, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'
import { fakeRun, labApp, labVisitor, orderOf, reaches } from '#server/testing/lab-app.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { appOn } from '#server/testing/test-app.ts'
import { runAnswer, runListAnswer } from './lab.ts'

test('LAB3 LAB4 A run is played by a process of its own, followed by everybody, and kept with its report.', async (t) => {
  const lab = await labApp(t, { TRUSTED_ORIGINS: 'https://friend.example' })
  const answer = await lab.ask('POST', '', orderOf('ends'))
  assert.equal(answer.status, 201)
  const run = runAnswer.parse(await answer.json())
  assert.equal(answer.headers.get('location'), `/api/lab/runs/${run.id}`)
  assert.match(run.id, /^[A-Za-z0-9_-]{16}$/)
  assert.deepEqual([run.number, run.name, run.state, run.endedAt], [1, 'ends', 'preparing', null])
  assert.match(run.cursor ?? '', /^m[0-9a-f]+\.\d+$/)

  const events = await lab.follow(run.id, reaches('done'))
  const [first, second, third] = events
  assert.deepEqual(first, { type: 'state', state: 'preparing' })
  assert.deepEqual(second, { type: 'state', state: 'running', detail: environmentOf(second) })
  assert.ok(third?.type === 'incident')
  assert.match(
    third.incident.what,
    /^http:\/\/localhost:\d+ http:\/\/127\.0\.0\.1:\d+ https:\/\/friend\.example$/,
  )
  const kept = runAnswer.parse(await lab.read(run.id))
  assert.equal(kept.state, 'done')
  assert.equal(kept.cursor, undefined)
  assert.equal(kept.outcome?.kind, 'scenario')
  assert.ok(kept.endedAt !== null && kept.endedAt >= kept.startedAt)
})

test('LAB3 Its process is told nothing of our environment.', async (t) => {
  process.env.A_SECRET_OF_OURS = 'secret'
  t.after(() => delete process.env.A_SECRET_OF_OURS)
  const lab = await labApp(t)
  const { id } = await lab.start('waits')
  const events = await lab.follow(id, reaches('running'))
  const known = /^(NODE_CHANNEL_\w+|NODE_COMPILE_CACHE|NODE_ENV|NEXT_TELEMETRY_DISABLED|PATH|TMPDIR)$/
  const given = environmentOf(events.at(-1)).split(' ')
  assert.ok(given.includes('PATH'))
  assert.deepEqual(
    given.filter((name) => !known.test(name)),
    [],
  )
})

test('LAB3 One run at a time, however fast it is asked for: the refusal names the running one.', async (t) => {
  const lab = await labApp(t)
  const answers = await Promise.all([1, 2, 3, 4].map(() => lab.ask('POST', '', orderOf('waits'))))
  const [taken, ...others] = answers.filter((answer) => answer.status === 201)
  assert.ok(taken)
  assert.equal(others.length, 0)
  const run = (await taken.json()) as WireRun
  for (const answer of answers.filter((each) => each !== taken)) {
    const problem = await expectProblem(answer, 409, 'invalid-state')
    assert.equal(problem.run, run.id)
    assert.match(problem.detail ?? '', /^Run 1 is in progress/)
  }
  assert.equal((await lab.ask('POST', `/${run.id}/stop`)).status, 200)
  await lab.follow(run.id, reaches('stopped'))
  await lab.start('ends')
})

test('LAB5 A run is stopped as often as one likes, until it has ended.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('waits')
  const answers = await Promise.all([1, 2, 3].map(() => lab.ask('POST', `/${id}/stop`)))
  assert.equal(answers[0]?.status, 200)
  await lab.follow(id, reaches('stopped'))
  const problem = await expectProblem(await lab.ask('POST', `/${id}/stop`), 409, 'invalid-state')
  assert.equal(problem.state, 'stopped')
  const kept = await lab.read(id)
  assert.deepEqual([kept.state, kept.failure, kept.outcome], ['stopped', undefined, undefined])
})

test('LAB5 A run that fails says why, and so does one whose process is gone.', async (t) => {
  const lab = await labApp(t)
  for (const [name, failure] of [
    ['fails', 'There was no Postgres'],
    ['breaks', 'The run’s process ended unexpectedly'],
  ] as const) {
    const { id } = await lab.start(name)
    const events = await lab.follow(id, reaches('failed'))
    assert.deepEqual(events.at(-1), { type: 'state', state: 'failed', detail: failure })
    const kept = await lab.read(id)
    assert.deepEqual([kept.state, kept.failure], ['failed', failure])
  }
})

test('LAB5 What is stopped with the app is recorded, and what died with it is failed at the next start.', async (t) => {
  const lab = await labApp(t, { DRAIN_MS: '200' })
  for (const name of ['waits', 'deaf']) {
    const app = name === 'waits' ? lab : { ...(await appOnFake(t, lab.databaseUrl)) }
    const { id } = await app.start(name)
    await app.follow(id, reaches('running'))
    await app.drain()
    const next = await appOnFake(t, lab.databaseUrl)
    assert.equal((await next.read(id)).state, 'stopped')
    await next.drain()
  }
  const third = await appOnFake(t, lab.databaseUrl)
  const { prisma } = third.context.database
  const data = { id: 'forgotten-run-01', state: 'running', order: orderOf('x') }
  await prisma.labRun.create({ data })
  const fourth = await appOnFake(t, lab.databaseUrl)
  const { state, failure, endedAt } = await fourth.read(data.id)
  assert.deepEqual([state, failure], ['failed', 'The app was stopped during the run'])
  assert.ok(endedAt)
})

test('LAB5 Only the story of the database has modes.', async (t) => {
  const lab = await labApp(t)
  const order = { kind: 'story', pollers: 10, pollMs: 1_000, secondsEach: 5 }
  const story = (await (await lab.ask('POST', '', order)).json()) as WireRun
  assert.equal((await lab.ask('POST', `/${story.id}/mode`, { mode: 'shared' })).status, 204)
  await lab.follow(story.id, (event) => event.type === 'incident' && event.incident.what === 'shared')
  await expectProblem(await lab.ask('POST', `/${story.id}/mode`, { mode: 'fast' }), 422, 'validation')
  await lab.ask('POST', `/${story.id}/stop`)
  await lab.follow(story.id, reaches('stopped'))
  await expectProblem(await lab.ask('POST', `/${story.id}/mode`, { mode: 'naive' }), 409, 'invalid-state')
  const { id } = await lab.start('waits')
  await expectProblem(await lab.ask('POST', `/${id}/mode`, { mode: 'naive' }), 409, 'invalid-state')
})

test('LAB6 A run is named and deleted, but not while it runs.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('waits')
  const named = (await (await lab.ask('PATCH', `/${id}`, { name: '  After the change ' })).json()) as WireRun
  assert.equal(named.name, 'After the change')
  const problem = await expectProblem(await lab.ask('DELETE', `/${id}`), 409, 'invalid-state')
  assert.match(problem.detail ?? '', /stop it first/)
  await lab.ask('POST', `/${id}/stop`)
  await lab.follow(id, reaches('stopped'))
  assert.equal((await lab.ask('DELETE', `/${id}`)).status, 204)
  await expectProblem(await lab.ask('DELETE', `/${id}`), 404, 'not-found')
  await expectProblem(await lab.ask('GET', `/${id}`), 404, 'not-found')
})

test('LAB6 What a browser has counted stands in the report, sent before or after its end.', async (t) => {
  const lab = await labApp(t)
  const report = { agent: 'A browser', lanes: { sse: lane }, mainThreadShare: 0.2 }
  const { id } = await lab.start('ends')
  assert.equal((await lab.ask('PUT', `/${id}/browser`, report)).status, 204)
  await lab.follow(id, reaches('done'))
  const later = { ...report, lanes: { sse: lane, socket: lane } }
  for (const sent of [report, later]) {
    assert.equal((await lab.ask('PUT', `/${id}/browser`, sent)).status, 204)
    const { outcome } = await lab.read(id)
    assert.ok(outcome?.kind === 'scenario')
    assert.deepEqual(outcome.report.browser, sent)
  }
  const [listed] = await list(lab)
  assert.equal(listed?.lost, 4 + 2 * lane.ledger.lost)
  for (const wrong of [
    {},
    { ...report, more: 1 },
    { ...report, lanes: { control: lane } },
    { ...report, mainThreadShare: 2 },
  ]) {
    await expectProblem(await lab.ask('PUT', `/${id}/browser`, wrong), 422, 'validation')
  }
  const drill = (await (
    await lab.ask('POST', '', { kind: 'drill', drill: 'stop-reading' })
  ).json()) as WireRun
  await lab.follow(drill.id, reaches('done'))
  await expectProblem(await lab.ask('PUT', `/${drill.id}/browser`, report), 409, 'invalid-state')
})

test('LAB6 The list has the newest first, 20 a page, without reports; 500 are kept.', async (t) => {
  const lab = await labApp(t)
  const { prisma } = lab.context.database
  const ids = Array.from({ length: 520 }, (_, n) => `kept-run-${String(n).padStart(7, '0')}`)
  const ended = { state: 'done', endedAt: new Date(), order: orderOf('x') }
  await prisma.labRun.createMany({ data: ids.map((id) => ({ id, ...ended })) })
  const { id } = await lab.start('ends')
  await lab.follow(id, reaches('done'))
  const numbers: number[] = []
  for (let before = ''; ; ) {
    const page = runListAnswer.parse(await (await lab.ask('GET', before)).json())
    assert.equal(page.mayRun, true)
    assert.ok(page.items.length <= 20)
    numbers.push(...page.items.map((run) => run.number))
    if (page.nextBefore === null) break
    before = `?before=${page.nextBefore}`
  }
  assert.deepEqual(
    numbers,
    Array.from({ length: 500 }, (_, n) => 521 - n),
  )
  for (const before of ['0', '-1', 'x', '1.5', '9999999999']) {
    await expectProblem(await lab.ask('GET', `?before=${before}`), 400, 'invalid-parameter')
  }
})

test('LAB8 Who a page is on the lanes is told to the browser that started the run, and to nobody who looks on.', async (t) => {
  const lab = await labApp(t)
  const started = await lab.ask('POST', '', orderOf('opens'))
  const { id } = (await started.json()) as WireRun
  const [sent = ''] = started.headers.getSetCookie()
  assert.match(sent, /^wireside\.run=[\w-]{24}; Path=\/api\/lab\/runs; HttpOnly; SameSite=Strict$/)
  const events = await lab.follow(id, (event) => event.type === 'state' && event.doors !== undefined)
  const [cookie = ''] = sent.split(';')
  const own = await lab.ask('GET', `/${id}/sign-in`, undefined, { cookie: `a=1; ${cookie}; b=2` })
  assert.equal(own.headers.get('cache-control'), 'no-store')
  assert.deepEqual(await own.json(), { email: 'lane@lab.example.test', password: 'of this run' })

  const others = [
    '',
    `${cookie}x`,
    cookie.slice(0, -1),
    cookie.replace('=', '=x'),
    cookie.replace('.run', ''),
  ]
  for (const other of others) {
    const refused = await lab.ask('GET', `/${id}/sign-in`, undefined, { cookie: other })
    await expectProblem(refused, 403, 'forbidden')
  }
  const [, key = ''] = cookie.split('=')
  const list = await (await lab.ask('GET', '')).text()
  const run = await (await lab.ask('GET', `/${id}`)).text()
  for (const text of [JSON.stringify(events), list, run]) {
    for (const secret of ['lane@lab', 'of this run', key]) assert.ok(!text.includes(secret))
  }

  await lab.ask('POST', `/${id}/stop`)
  await lab.follow(id, reaches('stopped'))
  await expectProblem(await lab.ask('GET', `/${id}/sign-in`, undefined, { cookie }), 404, 'not-found')
  await expectProblem(await lab.ask('GET', '/AAAAAAAAAAAAAAAA/sign-in'), 404, 'not-found')
})

test('LAB2 Outside demo mode, through a proxy or from a foreign page nothing is started or changed.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('ends')
  await lab.follow(id, reaches('done'))
  const closed = labVisitor((await appOn(t, lab.databaseUrl, { DEMO: 'off' })).port)
  const writes: [method: string, path: string, body?: unknown][] = [
    ['POST', '', orderOf('waits')],
    ['POST', '', '{'],
    ['PATCH', `/${id}`, { name: 'mine' }],
    ['DELETE', `/${id}`],
    ['POST', `/${id}/stop`],
    ['POST', `/${id}/mode`, { mode: 'naive' }],
    ['PUT', `/${id}/browser`, {}],
  ]
  for (const [method, path, body] of writes) {
    await expectProblem(await closed.ask(method, path, body), 403, 'forbidden')
    for (const name of ['x-forwarded-for', 'forwarded', 'x-forwarded-host', 'x-real-ip', 'via']) {
      await expectProblem(await lab.ask(method, path, body, { [name]: '127.0.0.1' }), 403, 'forbidden')
    }
    for (const origin of ['https://evil.example', 'null', `http://localhost:${lab.port}.evil.example`]) {
      await expectProblem(await lab.ask(method, path, body, { origin }), 403, 'origin-not-allowed')
    }
    await expectProblem(
      await lab.ask(method, path, body, { 'sec-fetch-site': 'cross-site' }),
      403,
      'origin-not-allowed',
    )
  }
  const seen = (await (await closed.ask('GET', '')).json()) as WireRunList
  assert.deepEqual([seen.mayRun, seen.items.length], [false, 1])
  assert.equal((await closed.read(id)).name, 'ends')
  assert.equal((await list(lab)).length, 1)
})

test('LAB3 What is no order is told what is wrong with it, and nothing is started.', async (t) => {
  const lab = await labApp(t)
  const { scenario } = orderOf('x')
  const orders: unknown[] = [
    {},
    [],
    null,
    { kind: 'scenario' },
    { kind: 'rm' },
    { kind: 'drill', drill: '../../main' },
    { kind: 'drill', drill: '__proto__' },
    { kind: 'trap', trap: 'constructor' },
    { kind: 'scenario', scenario, file: 'x' },
    { kind: 'scenario', name: 'a\0b', scenario },
    { kind: 'scenario', name: 'x'.repeat(81), scenario },
    { kind: 'scenario', scenario: { ...scenario, seconds: 1e300 } },
    { kind: 'scenario', scenario: { ...scenario, seconds: 601 } },
    { kind: 'scenario', scenario: { ...scenario, eventsPerSecond: 501 } },
    { kind: 'scenario', scenario: { ...scenario, clients: { ...scenario.clients, sse: 5_001 } } },
    { kind: 'scenario', scenario: { ...scenario, network: { kind: 'slow' } } },
    { kind: 'story', pollers: 0, pollMs: 1_000, secondsEach: 5 },
  ]
  for (const order of orders) await expectProblem(await lab.ask('POST', '', order), 422, 'validation')
  await expectProblem(await lab.ask('POST', '', '{"kind":'), 400, 'malformed-json')
  const form = { 'content-type': 'text/plain' }
  await expectProblem(await lab.ask('POST', '', 'x', form), 415, 'unsupported-media-type')
  await expectProblem(await lab.ask('POST', '', 'x'.repeat(70_000)), 413, 'content-too-large')
  assert.deepEqual(await list(lab), [])
})

test('LAB6 A run that is not there is 404, whatever is asked of it; another method 405.', async (t) => {
  const lab = await labApp(t)
  const report = { agent: 'x', lanes: {}, mainThreadShare: null }
  for (const id of ['AAAAAAAAAAAAAAAA', '%00', '1', 'x'.repeat(150)]) {
    for (const [method, path, body] of [
      ['GET', ''],
      ['HEAD', ''],
      ['PATCH', '', { name: 'x' }],
      ['DELETE', ''],
      ['POST', '/stop'],
      ['POST', '/mode', { mode: 'naive' }],
      ['PUT', '/browser', report],
      ['GET', '/report.json'],
      ['GET', '/report.csv'],
    ] as const) {
      const answer = await lab.ask(method, `/${id}${path}`, body)
      if (method === 'HEAD') assert.equal(answer.status, 404)
      else await expectProblem(answer, 404, 'not-found')
    }
  }
  for (const [method, path, allow] of [
    ['PUT', '', 'POST, GET, HEAD'],
    ['POST', '/x', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/x/stop', 'POST'],
    ['DELETE', '/x/report.csv', 'GET, HEAD'],
  ] as const) {
    const answer = await lab.ask(method, path)
    assert.deepEqual(new Set(answer.headers.get('allow')?.split(', ')), new Set(allow.split(', ')), path)
    await expectProblem(answer, 405, 'method-not-allowed')
  }
})

test('LAB4 A run’s stream is followed by sockets too; one of no run is not there.', async (t) => {
  const lab = await labApp(t)
  const person = await signedInPerson(lab)
  const { id } = await lab.start('ends')
  await lab.follow(id, reaches('done'))
  const client = await socketClient(person, lab)
  await client.done('follow', { stream: `lab:${id}` })
  await client.hear('entries', ({ entries }) => entries.at(-1)?.type === 'run.state')
  assert.equal((await client.command('follow', { stream: 'lab:nothing' })).ok, false)
  client.close()
  const missing = await fetch(`http://127.0.0.1:${lab.port}/api/streams/lab:nothing`)
  await expectProblem(missing, 404, 'not-found')
})

const ledger = {
  expected: 9,
  received: 6,
  lost: 3,
  late: 0,
  repeated: 0,
  outOfOrder: 0,
  declared: 0,
  altered: 0,
  onTheWay: 0,
}
const lane = {
  latency: { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, counts: [] },
  ledger,
  ...{ requests: 1, empty: 0, reconnects: 0, bytesUp: 10, bytesDown: 20 },
}

async function list(lab: ReturnType<typeof labVisitor>): Promise<ListedRun[]> {
  return ((await (await lab.ask('GET', '')).json()) as WireRunList).items
}

/** The variable names that `fake-run.ts` finds in its environment, and reports with its first state. */
function environmentOf(event: unknown): string {
  return (event as { detail: string }).detail
}

async function appOnFake(t: Parameters<typeof appOn>[0], databaseUrl: string) {
  const app = await appOn(t, databaseUrl, { DRAIN_MS: '200' }, undefined, fakeRun)
  return { ...app, ...labVisitor(app.port) }
}
