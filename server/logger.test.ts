import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Prisma } from '#prisma/generated/client.ts'
import { openDatabase } from '#server/database/pool.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, password, signedInPerson } from '#server/testing/person.ts'
import { testApp } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { createLogger } from './logger.ts'

const mark = 'hush-7f3a'
const address = `${mark}@example.test`

test('No line of the log has a cookie, a body, a query or an e-mail address, and each has its request’s id.', async (t) => {
  const { logger, lines } = recorder()
  const app = await testApp(t, {}, logger)
  const person = await signedInPerson(app)
  const { prisma } = app.context.database
  const at = (path: string) => `http://127.0.0.1:${app.port}${path}`
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(at(path), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const secret = { ...application, purpose: mark }

  const answers = [
    await person.create('/api/loans', secret, mark),
    await person.create('/api/loans', { ...secret, amountMinor: -1 }),
    await person.send('POST', `/api/loans?note=${mark}`, secret),
    await post('/api/loans', `{"${mark}`, {
      cookie: `wireside-${app.port}.session_token=${mark}`,
      origin: 'null',
    }),
    await post(
      `/api/auth/sign-in/email?email=${address}`,
      JSON.stringify({ email: address, password: mark }),
    ),
    await post('/api/auth/sign-up/email', JSON.stringify({ name: mark, email: address, password })),
    await post('/api/auth/sign-up/email', JSON.stringify({ name: mark, email: address, password })),
  ]
  // From here on every request fails, each in a different way.
  await prisma.$executeRaw`ALTER TABLE loan ADD CONSTRAINT broken CHECK (purpose <> ${Prisma.raw(`'${mark}'`)}) NOT VALID`
  answers.push(await person.create(`/api/loans?note=${mark}`, secret))
  await prisma.$executeRaw`ALTER TABLE session RENAME "ipAddress" TO other`
  answers.push(await post('/api/auth/sign-in/email', JSON.stringify({ email: person.email, password })))
  answers.push(await fetch(at(`/api/loans?note=${mark}`), { headers: { cookie: `${person.cookie}${mark}` } }))

  const ids = answers.map(({ headers }) => headers.get('x-request-id'))
  assert.ok(answers.filter(({ status }) => status === 500).length >= 2)
  const text = lines.join('')
  assert.ok(!text.includes(mark), text)
  assert.ok(!text.includes(person.email))
  assert.ok(!text.includes(person.cookie.slice(-20)))
  const logged = new Set(lines.map((line) => JSON.parse(line).requestId))
  for (const [nth, id] of ids.entries()) if (nth < answers.length - 1) assert.ok(logged.has(id), `${nth}`)
})

test('An error is told by its kind, code and place; only one of the program by its message.', async (t) => {
  const { logger, lines } = recorder()
  const { url } = await testDatabase(t)
  const database = openDatabase(url)
  t.after(database.close)
  const errors = await Promise.all([
    failed(() => JSON.parse(mark)),
    failed(() => database.prisma.$queryRaw`SELECT ${mark}::int`),
    failed(() =>
      database.prisma.user.create({ data: { id: mark, name: mark, email: 7 as unknown as string } }),
    ),
    failed(() => Promise.reject(new Error('outer', { cause: new Error(mark) }))),
  ])
  for (const err of errors) logger.error({ err }, 'Failed')
  assert.equal(lines.length, errors.length)
  for (const line of lines) {
    assert.ok(!line.includes(mark), line)
    assert.match(JSON.parse(line).err.type, /Error$/)
  }
  logger.error({ err: new TypeError('x is not a function') }, 'Failed')
  assert.equal(JSON.parse(lines.at(-1) ?? '').err.message, 'x is not a function')
})

test('Of refusals that repeat, the first are told and the others counted, once a second', async (t) => {
  const { logger, lines } = recorder()
  const app = await testApp(t, {}, logger)
  const person = await signedInPerson(app)
  const refused = (path: string, method = 'GET') =>
    Array.from({ length: 40 }, async () => {
      const answer = await person.send(method, path, method === 'GET' ? undefined : {})
      return answer.status
    })
  await app.context.database.prisma.$executeRaw`ALTER TABLE loan RENAME TO other`
  lines.length = 0
  const statuses = await Promise.all([...refused('/api/loans'), ...refused('/api/rooms', 'POST')])
  assert.deepEqual([...new Set(statuses)].sort(), [422, 503])
  const told = () => lines.map((line) => JSON.parse(line))
  const sum = (route: string, status: unknown) =>
    told()
      .filter((line) => line.route === route && line.status === status)
      .reduce((total, { repeated = 1 }) => total + repeated, 0)
  await eventually(() => sum('/api/loans', undefined) === 40 && sum('/api/rooms', 422) === 40)
  assert.ok(lines.length < 40, `${lines.length} lines`)
  const failed = told().filter(({ err }) => err)
  assert.ok(failed.length >= 1 && failed.every(({ level, status }) => level === 40 && status === undefined))
})

test('A kind of line is told again in full after a second without any; others are not held up by it', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { logger, lines } = recorder()
  const told = () => lines.splice(0).map((line) => JSON.parse(line))
  const fail = (times: number, route = '/a') => {
    for (let n = 0; n < times; n += 1) logger.error({ route, err: new TypeError('no') }, 'Failed')
  }
  fail(1_000)
  fail(2, '/b')
  for (let n = 0; n < 20; n += 1) logger.info({ status: 200 }, 'served')
  logger.warn('Other')
  const first = told()
  assert.equal(first.filter(({ route, err }) => route === '/a' && err.stack).length, 5)
  assert.equal(first.filter(({ route }) => route === '/b').length, 2)
  assert.equal(first.length, 5 + 2 + 20 + 1)

  t.mock.timers.tick(1_000)
  assert.deepEqual(
    told().map(({ time: _, ...line }) => line),
    [{ level: 50, route: '/a', repeated: 995, msg: 'Failed' }],
  )
  fail(3)
  assert.deepEqual(told(), [], 'it goes on')
  t.mock.timers.tick(1_000)
  assert.equal(told()[0].repeated, 3)
  t.mock.timers.tick(1_000)
  fail(1)
  assert.equal(told()[0].err.type, 'TypeError')
})

function recorder() {
  const lines: string[] = []
  return { lines, logger: createLogger('trace', { write: (line) => void lines.push(line) }) }
}

async function failed(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('It did not fail')
}
