import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import type { WirePeople } from '#server/protocol/people.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '3600000' })
const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
const loan = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
const stream = `/api/streams/loan:${loan.id}`
const epoch = loan.cursor.slice(0, loan.cursor.indexOf('.'))

const malformed = [
  '',
  '.',
  '1',
  `${epoch}`,
  `${epoch}.`,
  `${epoch}.-1`,
  `${epoch}.1.0`,
  `${epoch}.01`,
  `${epoch}.1e3`,
  `${epoch}.NaN`,
  `${epoch}.99999999999999999`,
  `${epoch.toUpperCase()}X.1`,
  `${epoch}.1\0`,
  `${epoch}.1\n`,
  `${epoch}.１`,
  'NOW',
  'null',
  '[object Object]',
  'x'.repeat(4_000),
  `'; DROP TABLE loan; --`,
]

test('A cursor of another shape is refused on every delivery.', async () => {
  for (const cursor of malformed) {
    for (const query of [
      `after=${encodeURIComponent(cursor)}`,
      `wait=25&after=${encodeURIComponent(cursor)}`,
    ]) {
      await expectProblem(await borrower.get(`${stream}?${query}`), 400, 'invalid-cursor')
    }
  }
})

test('A well-formed cursor that leads nowhere is a reset, at once, also for who would wait.', async () => {
  for (const [cursor, reason] of [
    [`${epoch}.2`, 'beyond-head'],
    [`${epoch}.9007199254740993`, 'beyond-head'],
    [`${epoch}.9999999999999999`, 'beyond-head'],
    ['0000.0', 'epoch'],
    [`${epoch}0.1`, 'epoch'],
  ]) {
    for (const query of [`after=${cursor}`, `after=${cursor}&wait=25`]) {
      const problem = await expectProblem(await borrower.get(`${stream}?${query}`), 410, 'stream-reset')
      assert.deepEqual([problem.reason, problem.head], [reason, loan.cursor])
    }
  }
})

test('A forged or foreign If-None-Match is no match.', async () => {
  const path = `/api/loans/${loan.id}`
  const own = (await borrower.get(path)).headers.get('etag') ?? ''
  const foreign = (await officer.get(path)).headers.get('etag') ?? ''
  assert.notEqual(own, foreign)
  assert.equal((await borrower.get(path, { 'if-none-match': own })).status, 304)
  assert.equal((await borrower.get(path, { 'if-none-match': `"x", W/${own}` })).status, 304)
  for (const tag of [
    foreign,
    '*',
    '"',
    '""',
    own.slice(0, -1),
    own.replace('.1', '.01'),
    own.replace('.1', '.2'),
    'x'.repeat(8_000),
  ]) {
    for (const prefer of ['', 'wait=1']) {
      const answer = await borrower.get(path, { 'if-none-match': tag, prefer })
      assert.equal(answer.status, 200, tag)
      assert.equal(((await answer.json()) as WireLoan).id, loan.id)
    }
  }
})

test('?wait is whole seconds from 0 to 25, given once.', async () => {
  for (const wait of [
    '-1',
    '26',
    '1e1',
    '5.5',
    'NaN',
    '',
    ' 1',
    '1 ',
    '0x1',
    '１',
    '99999999999999999999',
    '1\0',
  ]) {
    await expectProblem(
      await borrower.get(`${stream}?wait=${encodeURIComponent(wait)}`),
      400,
      'invalid-parameter',
    )
  }
  await expectProblem(await borrower.get(`${stream}?wait=1&wait=2`), 400, 'invalid-parameter')
  assert.equal((await borrower.get(`${stream}?wait=25`)).status, 200)
})

test('A malformed Prefer is passed over; one that asks too much is cut down, and says so.', async () => {
  for (const prefer of [
    'wait',
    'wait=',
    'wait=-1',
    'wait=x',
    'wait=1e9',
    'waits=5',
    'x; wait=',
    ';;;,,,',
    '\t',
  ]) {
    const answer = await borrower.get(stream, { prefer })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('preference-applied'), null, prefer)
    await answer.bytes()
  }
  for (const prefer of ['wait=3600', 'respond-async, WAIT = 999999999', 'wait="30"']) {
    const answer = await borrower.get(stream, { prefer })
    assert.equal(answer.headers.get('preference-applied'), 'wait=25', prefer)
    await answer.bytes()
  }
})

test('A ?before that is none of ours, or a status that is none, is refused.', async () => {
  for (const before of [
    '',
    '0',
    '_',
    '1_L-0',
    `1_${loan.id}'`,
    `-1_${loan.id}`,
    `1e3_${loan.id}`,
    `9999999999999999_${loan.id}`,
    `1_P-0000000000\0`,
  ]) {
    await expectProblem(
      await borrower.get(`/api/loans?before=${encodeURIComponent(before)}`),
      400,
      'invalid-parameter',
    )
  }
  for (const status of ['', 'Submitted', 'submitted,failed', '__proto__', 'submitted\0']) {
    await expectProblem(
      await officer.get(`/api/loans?status=${encodeURIComponent(status)}`),
      400,
      'invalid-parameter',
    )
  }
  for (const query of [
    'before=1&before=2',
    'status=failed&status=failed',
    'status[]=failed&status=failed&status=x',
  ]) {
    await expectProblem(await officer.get(`/api/loans?${query}`), 400, 'invalid-parameter')
  }
  for (const ms of ['0', '999999999999999']) {
    const list = (await (await borrower.get(`/api/loans?before=${ms}_L-0000000000`)).json()) as WireLoanList
    assert.ok(Array.isArray(list.items))
  }
})

test('An id of a post is a whole number that there can be; any other names nothing.', async () => {
  const ids = [
    '0',
    '-1',
    '01',
    '1.0',
    '1e9',
    '0x1',
    'NaN',
    '2147483647',
    '2147483648',
    '99999999999',
    '9'.repeat(90),
  ]
  for (const id of [...ids, '%00', '1%00', '%F0%9F%98%80', '１', '__proto__', "1'--"]) {
    const post = `/api/posts/${id}`
    await expectProblem(await borrower.get(post), 404, 'not-found')
    await expectProblem(await borrower.send('PUT', `${post}/like`), 404, 'not-found')
    await expectProblem(await borrower.send('DELETE', `${post}/like`), 404, 'not-found')
    await expectProblem(await borrower.get(`${post}/comments`), 404, 'not-found')
    await expectProblem(await borrower.send('POST', `${post}/comments`, { body: 'x' }), 404, 'not-found')
  }
})

test('A page of posts or comments begins where an earlier one ended, and nowhere else.', async () => {
  const { id } = (await (await borrower.send('POST', '/api/posts', { body: 'It rains' })).json()) as {
    id: number
  }
  for (const before of ['', '0', '-1', '1e9', 'NaN', '2147483648', '1\0', '１', '1,2']) {
    for (const path of ['/api/posts', `/api/posts/${id}/comments`]) {
      const answer = await borrower.get(`${path}?before=${encodeURIComponent(before)}`)
      await expectProblem(answer, 400, 'invalid-parameter')
    }
  }
  await expectProblem(await borrower.get('/api/posts?before=1&before=2'), 400, 'invalid-parameter')
  assert.equal((await borrower.get('/api/posts?before=2147483647')).status, 200)
})

test('The beginning of a handle is letters, digits and hyphens, and no pattern.', async () => {
  for (const handle of ['%', '_', '*', '"', '\0', '\\', '@nora', 'x'.repeat(41)]) {
    const answer = await borrower.get(`/api/people?handle=${encodeURIComponent(handle)}`)
    await expectProblem(answer, 400, 'invalid-parameter')
  }
  await expectProblem(await borrower.get('/api/people'), 400, 'invalid-parameter')
  const found = (await (
    await borrower.get(`/api/people?handle=${borrower.id.toUpperCase()}`)
  ).json()) as WirePeople
  assert.deepEqual(found, { items: [{ id: borrower.id, name: borrower.id, handle: borrower.id }] })
})

test('Parameters that nobody asked for change nothing, however many.', async () => {
  const many = Array.from({ length: 900 }, (_, i) => `p${i}=${i}`).join('&')
  for (const query of [many, '__proto__[x]=1&constructor=2', 'a[b][c]=1', '&&&===', '%', '%zz=%zz']) {
    const answer = await borrower.get(`${stream}?${query}`)
    assert.equal(answer.status, 200, query.slice(0, 40))
    assert.equal(((await answer.json()) as WirePage).entries.length, 1)
  }
})

test('Ids of any other shape name nothing.', async () => {
  for (const id of [
    '0',
    '-1',
    '1e400',
    'NaN',
    'L-',
    loan.id.toLowerCase(),
    `${loan.id}%00`,
    `${loan.id}%20`,
    '%F0%9F%98%80',
    '*',
    "'",
    '__proto__',
    'x'.repeat(150),
  ]) {
    for (const path of [
      `/api/loans/${id}`,
      `/api/payments/${id}`,
      `/api/streams/loan:${id}`,
      `/api/streams/${id}`,
    ]) {
      await expectProblem(await borrower.get(path), 404, 'not-found')
    }
    await expectProblem(
      await officer.send('POST', `/api/loans/${id}/decision`, { decision: 'approve' }),
      404,
      'not-found',
    )
    await expectProblem(
      await borrower.create(`/api/loans/${id}/payments`, { amountMinor: 1 }),
      404,
      'not-found',
    )
  }
})
