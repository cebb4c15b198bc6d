import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Person, WirePeople } from '#server/protocol/people.ts'
import { password, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const reader = await signedInPerson(app)
let addresses = 0

function signUp(name: string): Promise<Response> {
  addresses += 1
  return fetch(`http://127.0.0.1:${app.port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `someone-${addresses}@example.test`, password }),
  })
}

async function found(prefix: string): Promise<Person[]> {
  const answer = await reader.get(`/api/people?handle=${encodeURIComponent(prefix)}`)
  assert.equal(answer.status, 200)
  return ((await answer.json()) as WirePeople).items
}

test('People of any script get a handle, and are found by it and by each word of their name.', async () => {
  for (const [name, handle, ...prefixes] of [
    ['Игорь Петров', 'игорь-петров', 'ИГО', 'пет'],
    ['李雷', '李雷', '李'],
    ['สมชาย ใจดี', 'สมชาย-ใจดี', 'สม', 'ใจ'],
    ['Zoë O’Brien', 'zoe-o-brien', 'zoe', 'Zoë', 'o’b', 'Zoe\u0308', 'brien'],
    ['Åsa Ödegård', 'asa-odegard', 'ÅS', 'åsa ö', 'öde', 'ODE', 'O\u0308de'],
    ['Jean-Luc Đặng', 'jean-luc-đang', 'luc', 'jean l', 'ĐẶN', 'đan'],
  ] as const) {
    assert.equal((await signUp(name)).status, 200)
    for (const prefix of prefixes) {
      const people = (await found(prefix)).map((person) => [person.name, person.handle])
      assert.deepEqual(people, [[name, handle]], prefix)
    }
  }
  const body = 'Hello@nobody, 你好@李雷, and @игорь-петров!'
  assert.equal((await reader.send('POST', '/api/posts', { body })).status, 201)
  const mentioned = await Promise.all(
    ['李', 'иго'].map(async (prefix) => notificationsOfUser((await found(prefix))[0]?.id ?? '')),
  )
  assert.deepEqual(mentioned, [['mention'], ['mention']])
})

test('A name that looks like one that is there gets a handle that does not.', async () => {
  const handles = []
  for (const name of [
    'Paco Rey',
    'paco  REY',
    '\u0420\u0430\u0441\u043e Rey',
    'Pa\u200bco Rey',
    'Paco R\u0435y',
    'Pac0 Rey',
  ]) {
    assert.equal((await signUp(name)).status, 200)
    const { id } = (await lastUser()) as { id: string }
    handles.push((await handleOf(id)).normalize('NFC'))
  }
  assert.equal(new Set(handles).size, 6)
  assert.equal(handles[0], 'paco-rey')
  for (const handle of handles.slice(1)) assert.match(handle, /-\d$/)
})

test('A name that cannot be seen, breaks its line or turns it round is refused.', async () => {
  for (const name of [
    '\u200b',
    '\u3164\u3164',
    '\u2800',
    'Sam\u202eavoN',
    'Sam\nOkafor',
    '\u2067Sam',
    'S\u0000am',
  ]) {
    const problem = await expectProblem(await signUp(name), 422, 'validation')
    assert.equal(problem.errors?.[0]?.pointer, '/name', JSON.stringify(name))
  }
})

async function lastUser() {
  const { prisma } = app.context.database
  return prisma.user.findFirstOrThrow({ where: { email: `someone-${addresses}@example.test` } })
}

async function handleOf(id: string): Promise<string> {
  return (await app.context.database.prisma.user.findUniqueOrThrow({ where: { id } })).handle
}

async function notificationsOfUser(userId: string): Promise<string[]> {
  const { prisma } = app.context.database
  return (await prisma.notification.findMany({ where: { userId } })).map(({ kind }) => kind)
}
