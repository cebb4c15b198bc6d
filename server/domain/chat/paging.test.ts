import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { playedRoom } from '#server/testing/played-room.ts'
import { edit, entriesIn, messagesIn, pageIn, react, remove, roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ CHAT_BURST: '10000', MESSAGE_CHANGES_PER_MINUTE: '10000' })
const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
const empty = await roomOf(ann)
const room = await roomOf(ann, [bob])
for (let nth = 0; nth < 95; nth += 1) {
  const message = await say(nth % 2 === 0 ? ann : bob, room.id, `${nth}`)
  if (nth % 10 === 0) await react(bob, room.id, message, '👍')
}

test('CH11 Messages come in pages of forty, oldest first, and nextBefore leads to the one before', async () => {
  const first = await pageIn(ann, room.id)
  const second = await pageIn(ann, room.id, first.nextBefore)
  const third = await pageIn(ann, room.id, second.nextBefore)
  assert.deepEqual(
    [third, second, first].map(({ items }) => items.length),
    [15, 40, 40],
  )
  assert.equal(third.nextBefore, null)
  assert.equal(first.nextBefore, String(first.items[0]?.seq))
  const bodies = [third, second, first].flatMap(({ items }) => items.map(({ body }) => body))
  assert.deepEqual(
    bodies,
    Array.from({ length: 95 }, (_, nth) => `${nth}`),
  )
  assert.equal((await pageIn(ann, room.id, '999999999')).items.at(-1)?.body, '94')
  assert.deepEqual((await pageIn(ann, room.id, '1')).items, [])
})

test('CH11 A room in which nobody has said anything has an empty page, and a cursor to resume from', async () => {
  const page = await pageIn(ann, empty.id)
  assert.deepEqual(page, { items: [], cursor: empty.cursor, nextBefore: null })
})

test('CH11 Going on from a page’s cursor has no gap and no repeat, while two people talk, edit, react and delete', async () => {
  let talking = true
  const talk = Promise.all(
    [ann, bob].map(async (person) => {
      for (let nth = 0; nth < 40; nth += 1) {
        const message = await say(person, room.id, `live ${nth}`)
        if (nth % 4 === 1) await edit(person, room.id, message, `edited ${nth}`)
        if (nth % 4 === 2) await react(bob, room.id, message, '👀')
        if (nth % 4 === 3) await remove(person, room.id, message)
      }
    }),
  ).finally(() => {
    talking = false
  })
  const pages = []
  while (talking) pages.push(await pageIn(bob, room.id))
  await talk
  const all = await messagesIn(ann, room.id)
  assert.ok(pages.length > 3)
  const whole = await entriesIn(ann, room.id)
  for (const { items, cursor } of pages) {
    const rest = await entriesIn(bob, room.id, cursor)
    assert.equal(rest[0]?.seq ?? whole.length + 1, Number(cursor.split('.')[1]) + 1)
    // The page equals the replay of the entries up to its cursor, except for texts deleted since.
    const { messages } = playedRoom(whole.slice(0, Number(cursor.split('.')[1])))
    assert.deepEqual(
      items.map(({ seq, reactions, deletedAt }) => ({ seq, reactions, deletedAt })),
      messages.slice(-items.length).map(({ seq, reactions, deletedAt }) => ({ seq, reactions, deletedAt })),
    )
  }
  assert.deepEqual(playedRoom(whole).messages, all)
})
