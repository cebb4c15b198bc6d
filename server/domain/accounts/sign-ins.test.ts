import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { password, signedInPerson } from '#server/testing/person.ts'
import { notificationsOf } from '#server/testing/posts.ts'
import { fileApp, type TestApp } from '#server/testing/test-app.ts'
import { signInJobs } from './sign-in-jobs.ts'

const app = await fileApp()
const system = '(X11; Linux x86_64; rv:145.0)'
const firefox = `Mozilla/5.0 ${system} Gecko/20100101 Firefox/145.0`

test('N8: a sign-in from a device that is new is told, the first one and a newer browser are not.', async () => {
  const person = await signedInPerson(app)
  await signInFrom(person.email, firefox)
  await signInFrom(person.email, firefox.replaceAll('145', '146'))
  await signInFrom(person.email, 'curl/8.1')
  const { items } = await eventually(async () => {
    const list = await notificationsOf(person)
    return list.unread >= 2 && list
  })
  assert.deepEqual(
    items.map(({ kind, data }) => ({ kind, data })),
    [
      { kind: 'sign-in', data: { device: 'curl' } },
      { kind: 'sign-in', data: { device: 'Firefox on Linux' } },
    ],
  )
})

test('N8: who signs up is told of nothing; the job that is run again tells nothing again.', async () => {
  const email = `new-${crypto.randomUUID()}@example.test`
  await post('sign-up/email', { name: 'Nora Klein', email, password }, firefox)
  await signInFrom(email, 'curl/8.1')
  const { prisma } = app.context.database
  const { id, handle } = await prisma.user.findUniqueOrThrow({ where: { email } })
  assert.equal(handle, 'nora-klein')
  await eventually(() => prisma.notification.count({ where: { userId: id } }))
  const sessions = await prisma.session.findMany({ where: { userId: id } })
  const task = signInJobs(app.context.bell)['notice-sign-in']
  await Promise.all(
    [...sessions, ...sessions].map(({ id: sessionId, userAgent }) =>
      task?.({ sessionId, userId: id, userAgent }),
    ),
  )
  await task?.({ sessionId: 'of somebody who has gone', userId: 'nobody', userAgent: '' })
  const told = await prisma.notification.findMany({ where: { userId: id } })
  assert.deepEqual(
    told.map(({ kind, data }) => ({ kind, data })),
    [{ kind: 'sign-in', data: { device: 'curl' } }],
  )
})

test('A user agent of any bytes signs in, and its job ends.', async () => {
  const person = await signedInPerson(app)
  for (const agent of ['\u00ff\u00e4', '"\'\\{}%s', 'x'.repeat(4_000), ''])
    await signInFrom(person.email, agent)
  await eventually(async () => {
    const left = await app.context.database.prisma.$queryRaw<unknown[]>`
      SELECT id FROM graphile_worker.jobs WHERE task_identifier = 'notice-sign-in'`
    return left.length === 0
  })
  assert.deepEqual((await notificationsOf(person)).items, [])
})

async function signInFrom(email: string, userAgent: string) {
  await post('sign-in/email', { email, password }, userAgent)
}

async function post(action: string, body: object, userAgent: string, { port }: Pick<TestApp, 'port'> = app) {
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': userAgent },
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 200, await answer.text())
}
