import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Prisma } from '#prisma/generated/client.ts'
import { openDatabase } from '#server/database/pool.ts'
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
  // From here on every request fails, each in its own way.
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
