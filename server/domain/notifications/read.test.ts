import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireUnread } from '#server/protocol/notifications.ts'
import { type Person, signedInPerson, signIn } from '#server/testing/person.ts'
import { commentBy, holdToItsWord, notificationsOf, ownEntries, postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { forgetOldNotifications } from './mark-read.ts'

const app = await fileApp({ COMMENTS_PER_MINUTE: '1000' })
const fan = await signedInPerson(app)

test('N6: single ones, all up to one, and all are marked; the entry tells which, the list agrees, and the count says where it was taken.', async () => {
  const author = await told(6)
  assert.deepEqual(await read(author, { seqs: [2, 4, 4] }), { unread: 4, seq: 7 })
  assert.deepEqual(await read(author, { upTo: 3 }), { unread: 2, seq: 8 })
  assert.deepEqual(await read(author, { upTo: Number.MAX_SAFE_INTEGER }), { unread: 0, seq: 9 })
  const entries = (await ownEntries(author)).slice(6)
  assert.deepEqual(
    entries.map(({ data: { unread, ...data } }) => ({ unread, ...data, readAt: undefined })),
    [
      { unread: 4, seqs: [2, 4], readAt: undefined },
      { unread: 2, upTo: 3, readAt: undefined },
      { unread: 0, upTo: 6, readAt: undefined },
    ],
  )
  const { items } = await notificationsOf(author)
  const [, , last] = entries
  assert.ok(last && 'readAt' in last.data)
  assert.equal(items[0]?.readAt, last.data.readAt)
  assert.ok(items.every(({ readAt }) => readAt !== null))
  assert.deepEqual(await holdToItsWord(author), [])
})

test('N6: what is read already, or is not there, makes no entry.', async () => {
  const author = await told(2)
  await read(author, { upTo: 2 })
  for (const order of [{ upTo: 2 }, { upTo: 0 }, { upTo: 99 }, { seqs: [1, 2] }, { seqs: [77] }]) {
    assert.deepEqual(await read(author, order), { unread: 0, seq: 3 })
  }
  assert.equal((await ownEntries(author)).length, 3)
})

test('N6: two devices that read at once count each of them once.', async () => {
  const author = await told(8)
  const phone = { ...author, ...(await signIn(app.port, author.email)) }
  await Promise.all([
    read(author, { upTo: 6 }),
    read(phone, { upTo: 6 }),
    read(author, { seqs: [5, 6, 7] }),
    read(phone, { seqs: [7] }),
    read(phone, { upTo: 3 }),
  ])
  assert.deepEqual(await holdToItsWord(author), [8])
  assert.equal((await notificationsOf(phone)).unread, 1)
})

test('N5: nobody reads or marks what is another’s.', async () => {
  const author = await told(3)
  assert.deepEqual((await notificationsOf(fan)).items, [])
  assert.deepEqual(await read(fan, { upTo: 99 }), { unread: 0, seq: 0 })
  assert.deepEqual(await holdToItsWord(author), [3, 2, 1])
})

test('The list is paged without gap or repeat, also of the unread alone.', async () => {
  const author = await told(65)
  await read(author, { seqs: [10, 64] })
  const all = await paged(author, '')
  assert.deepEqual(
    all,
    Array.from({ length: 65 }, (_, nth) => 65 - nth),
  )
  assert.deepEqual(
    await paged(author, '&unread=true'),
    all.filter((seq) => seq !== 10 && seq !== 64),
  )
})

test('N10: the newest are kept; what goes unread is first told to be read.', async () => {
  const author = await told(6)
  await read(author, { seqs: [1] })
  const { bell, database } = app.context
  await Promise.all([
    forgetOldNotifications(bell, database.prisma, 4),
    forgetOldNotifications(bell, database.prisma, 4),
  ])
  const list = await notificationsOf(author)
  assert.deepEqual(
    list.items.map(({ seq }) => seq),
    [6, 5, 4, 3],
  )
  assert.deepEqual(await holdToItsWord(author), [6, 5, 4, 3])
  const last = (await ownEntries(author)).at(-1)
  assert.deepEqual([last?.type, last?.data.unread], ['notification.read', 4])
})

test('Orders of any other shape are refused.', async () => {
  const bad = [
    '{}',
    '{"upTo":-1}',
    '{"upTo":1.5}',
    '{"upTo":1e400}',
    '{"upTo":"3"}',
    '{"upTo":9007199254740993}',
  ]
  const seqs = ['[]', '[0]', '[-1]', '["1"]', '[1e30]', `[${'1,'.repeat(300)}1]`, 'null', '1']
  for (const body of [
    ...bad,
    ...seqs.map((list) => `{"seqs":${list}}`),
    '{"upTo":1,"seqs":[1]}',
    'null',
    '[]',
  ]) {
    await expectProblem(await fan.send('POST', '/api/notifications/read', body), 422, 'validation')
  }
  const places = ['', '0', '-1', '1e9', 'NaN', '01', '99999999999999999', '1\0', '😀']
  for (const query of [
    ...places.map((place) => `before=${encodeURIComponent(place)}`),
    'unread=maybe',
    'unread=',
  ]) {
    await expectProblem(await fan.get(`/api/notifications?${query}`), 400, 'invalid-parameter')
  }
})

/** A person with `count` comment notifications. */
async function told(count: number): Promise<Person> {
  const author = await signedInPerson(app)
  const post = await postBy(author)
  for (let nth = 0; nth < count; nth += 1) await commentBy(fan, post, `Comment ${nth}`)
  return author
}

/** The unread count, and the seq at which it was counted. */
async function read(person: Person, order: { upTo: number } | { seqs: number[] }) {
  const answer = await person.send('POST', '/api/notifications/read', order)
  assert.equal(answer.status, 200)
  const { unread, cursor } = (await answer.json()) as WireUnread
  return { unread, seq: Number(cursor.split('.')[1]) }
}

async function paged(person: Person, filter: string): Promise<number[]> {
  const seqs: number[] = []
  for (let before: string | null = '999999'; before !== null; ) {
    const page = await notificationsOf(person, `?before=${before}${filter}`)
    seqs.push(...page.items.map(({ seq }) => seq))
    before = page.nextBefore
  }
  return seqs
}
