import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRoomDetail } from '#server/protocol/chat.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { Person as WirePerson } from '#server/protocol/people.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { type Person, password, signedInPerson, signIn } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { roomOf } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const rename = (person: Pick<Person, 'send'>, name: unknown) =>
  person.send('PUT', '/api/account/name', { name })
const change = (person: Pick<Person, 'send'>, currentPassword: unknown, newPassword: unknown) =>
  person.send('POST', '/api/auth/change-password', {
    currentPassword,
    newPassword,
    revokeOtherSessions: true,
  })
const read = async <T>(answer: Promise<Response>) => (await (await answer).json()) as T

test('S4 A new name is shown everywhere, under new tags, and the handle stays.', async () => {
  const [nora, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
  const { id } = await loanIn(nora, 'under-review')
  await officer.send('PUT', `/api/loans/${id}/case`)
  const room = await roomOf(nora)
  const before = await nora.get(`/api/loans/${id}`)
  const tag = before.headers.get('etag') ?? ''
  const { applicant } = (await before.json()) as WireLoan
  const me = await read<WirePage>(nora.get('/api/streams/me'))
  assert.equal((await nora.get(`/api/loans/${id}`, { 'if-none-match': tag })).status, 304)

  const renamed = await read<WirePerson>(rename(nora, '  Nora Okonjo '))
  assert.deepEqual(renamed, { id: nora.id, name: 'Nora Okonjo', handle: applicant.handle })
  assert.equal((await rename(officer, 'Ines Desk')).status, 200)

  const after = await nora.get(`/api/loans/${id}`, { 'if-none-match': tag })
  assert.equal(after.status, 200)
  const loan = (await after.json()) as WireLoan
  assert.deepEqual(loan.applicant, renamed)
  assert.equal(loan.officer?.name, 'Ines Desk')
  assert.equal(loan.status, 'under-review')
  const { members } = await read<WireRoomDetail>(nora.get(`/api/rooms/${room.id}`))
  assert.equal(members.find((one) => one.id === nora.id)?.name, 'Nora Okonjo')
  const session = await read<{ user: { name: string } }>(nora.get('/api/auth/get-session'))
  assert.equal(session.user.name, 'Nora Okonjo')

  for (const [stream, at] of [
    ['me', me.head],
    [`room:${room.id}`, room.cursor],
    [`loan:${id}`, loan.cursor.replace(/\d+$/, '0')],
  ]) {
    const { entries } = await read<WirePage>(nora.get(`/api/streams/${stream}?after=${at}`))
    const told = entries.filter(({ type }) => type === 'person.renamed')
    assert.deepEqual(told[0]?.data, { person: renamed }, stream)
  }
})

test('S4 The same name again makes no entry, and a name that cannot be seen or is too long is refused.', async () => {
  const nora = await signedInPerson(app)
  assert.equal((await rename(nora, 'Nora')).status, 200)
  const { head } = await read<WirePage>(nora.get('/api/streams/me'))
  assert.equal((await rename(nora, 'Nora')).status, 200)
  for (const name of [
    '',
    ' ',
    '\u200b',
    'a\nb',
    'a\u202eb',
    'a\0b',
    'x'.repeat(81),
    7,
    null,
    ['Nora'],
    undefined,
  ]) {
    await expectProblem(await rename(nora, name), 422, 'validation')
  }
  assert.equal((await read<WirePage>(nora.get('/api/streams/me'))).head, head)
})

test('S4 Nobody without a session has a name to change, and a user renames nobody else.', async () => {
  const [nora, sam] = [await signedInPerson(app), await signedInPerson(app)]
  const anonymous = await fetch(`http://127.0.0.1:${app.port}/api/account/name`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Nobody"}',
  })
  await expectProblem(anonymous, 401, 'unauthenticated')
  const body = { name: 'Not Sam', id: sam.id, userId: sam.id }
  assert.equal((await nora.send('PUT', '/api/account/name', body)).status, 200)
  assert.equal((await read<{ user: { name: string } }>(sam.get('/api/auth/get-session'))).user.name, sam.id)
})

test('S4 The streams beyond the first hundred are told by a job.', async () => {
  const nora = await signedInPerson(app)
  const { prisma } = app.context.database
  const ids = Array.from({ length: 230 }, (_, n) => `many-${process.pid}-${n}`)
  await prisma.room.createMany({ data: ids.map((id) => ({ id, name: id, visibility: 'public' })) })
  await prisma.roomMember.createMany({
    data: ids.map((roomId) => ({ roomId, userId: nora.id, role: 'member' })),
  })
  assert.equal((await rename(nora, 'Nora of many rooms')).status, 200)
  await eventually(async () => {
    const told = await prisma.logEntry.groupBy({
      by: ['stream'],
      where: { type: 'person.renamed', stream: { in: ids.map((id) => `room:${id}`) } },
    })
    return told.length === ids.length
  })
})

test('S5 A new password takes the place of the old one and ends all other sessions, not this one.', async () => {
  const nora = await signedInPerson(app)
  const other = await signIn(app.port, nora.email)
  const changed = await change(nora, password, 'a longer horse battery')
  assert.equal(changed.status, 200, await changed.text())
  assert.equal((await nora.get('/api/loans')).status, 200)
  await expectProblem(await other.get('/api/loans'), 401, 'unauthenticated')
  await assert.rejects(signIn(app.port, nora.email), /401/)
  const again = await change(nora, 'a longer horse battery', password)
  assert.equal(again.status, 200)
  assert.equal((await (await signIn(app.port, nora.email)).get('/api/loans')).status, 200)
})

test('S5 A wrong password changes nothing and ends nobody’s session; guesses are counted.', async () => {
  const nora = await signedInPerson(app)
  const other = await signIn(app.port, nora.email)
  const wrong = await expectProblem(
    await change(nora, 'a guess', 'a longer horse battery'),
    400,
    'bad-request',
  )
  assert.equal(wrong.code, 'INVALID_PASSWORD')
  for (const [current, next] of [
    [password, 'short'],
    [password, 'x'.repeat(129)],
    ['x'.repeat(129), 'a longer horse battery'],
    [password, null],
    [undefined, 'a longer horse battery'],
    [{ $ne: '' }, 'a longer horse battery'],
  ]) {
    await expectProblem(await change(nora, current, next), 422, 'validation')
  }
  assert.equal((await other.get('/api/loans')).status, 200)
  const answers = []
  for (let n = 0; n < 10; n += 1)
    answers.push((await change(nora, `guess ${n}`, 'a longer horse battery')).status)
  assert.deepEqual(answers, [...Array<number>(9).fill(400), 429])
  await expectProblem(await change(nora, password, 'a longer horse battery'), 429, 'rate-limited')
  await signIn(app.port, nora.email)
})

test('S5 Without a session there is no password to change.', async () => {
  const answer = await fetch(`http://127.0.0.1:${app.port}/api/auth/change-password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ currentPassword: password, newPassword: 'a longer horse battery' }),
  })
  await expectProblem(answer, 401, 'unauthenticated')
})
