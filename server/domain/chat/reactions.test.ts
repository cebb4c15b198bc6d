import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { playedRoom } from '#server/testing/played-room.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { entriesIn, messagesIn, react, roomOf, say } from '#server/testing/rooms.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ MESSAGE_CHANGES_PER_MINUTE: '100000' })
const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
const room = await roomOf(ann, [bob])

/** Plain, with a variation selector, a skin tone, a joined sequence, a flag, a subdivision flag, a keycap. */
const emojis = ['👍', '❤️', '👍🏽', '👩‍👩‍👧‍👦', '👩🏽‍❤️‍💋‍👨🏻', '🇪🇺', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '7️⃣', '🏳️‍🌈', '☕']
const noEmojis = [
  'a',
  '7',
  '',
  ' ',
  '👍👍',
  '👍 ',
  'x👍',
  '❤',
  '\u200d',
  '\ufe0f',
  '🇪',
  '#',
  ':+1:',
  '%00',
  '<b>',
  '\ud83d\udc4d\u0000',
]

test('CH8 Any one emoji is a reaction, and nothing else is', async () => {
  const message = await say(ann, room.id, 'React')
  for (const emoji of emojis) {
    const { reactions } = await react(ann, room.id, message, emoji)
    assert.deepEqual(reactions.at(-1), { emoji, by: [ann.id] })
  }
  const path = `/api/rooms/${room.id}/messages/${message.seq}/reactions/`
  for (const text of noEmojis.filter((each) => each !== '')) {
    for (const method of ['PUT', 'DELETE']) {
      const answer = await ann.send(method, path + encodeURIComponent(text))
      await expectProblem(answer, 400, 'invalid-parameter')
    }
  }
  await expectProblem(await ann.send('PUT', `${path}%ED%A0%BD`), 400, 'bad-request')
  assert.ok([404, 400].includes((await ann.send('PUT', path)).status))
  const kept = (await messagesIn(ann, room.id)).at(-1)
  assert.deepEqual(
    kept?.reactions.map(({ emoji }) => emoji),
    emojis,
  )
})

test('CH8 A reaction is there once for each who made it, and the entry tells all of them after it', async () => {
  const message = await say(ann, room.id, 'Once')
  const { seq } = message
  await react(bob, room.id, message, '🎉')
  await react(bob, room.id, message, '🎉')
  await react(ann, room.id, message, '👍')
  await react(ann, room.id, message, '🎉')
  await react(bob, room.id, message, '🎉', 'DELETE')
  await react(bob, room.id, message, '🎉', 'DELETE')
  const last = await react(ann, room.id, message, '👍', 'DELETE')
  assert.deepEqual(last.reactions, [{ emoji: '🎉', by: [ann.id] }])
  const entries = (await entriesIn(ann, room.id)).filter((entry) => entry.seq > seq)
  assert.deepEqual(
    entries.map(({ data }) => data),
    [
      { seq, emoji: '🎉', by: bob.id, added: true, reactions: [{ emoji: '🎉', by: [bob.id] }] },
      {
        ...{ seq, emoji: '👍', by: ann.id, added: true },
        reactions: [
          { emoji: '🎉', by: [bob.id] },
          { emoji: '👍', by: [ann.id] },
        ],
      },
      {
        ...{ seq, emoji: '🎉', by: ann.id, added: true },
        reactions: [
          { emoji: '🎉', by: [bob.id, ann.id] },
          { emoji: '👍', by: [ann.id] },
        ],
      },
      {
        ...{ seq, emoji: '🎉', by: bob.id, added: false },
        reactions: [
          { emoji: '👍', by: [ann.id] },
          { emoji: '🎉', by: [ann.id] },
        ],
      },
      { seq, emoji: '👍', by: ann.id, added: false, reactions: [{ emoji: '🎉', by: [ann.id] }] },
    ],
  )
})

test('CH8 A message carries twenty different reactions; one more is refused, and more of the same are not', async () => {
  const message = await say(ann, room.id, 'Twenty')
  const twenty = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓']
  for (const emoji of twenty) await react(ann, room.id, message, emoji)
  const path = (emoji: string) =>
    `/api/rooms/${room.id}/messages/${message.seq}/reactions/${encodeURIComponent(emoji)}`
  const before = await entriesIn(ann, room.id)
  await expectProblem(await bob.send('PUT', path('🙃')), 409, 'conflict')
  assert.deepEqual(await entriesIn(ann, room.id), before)
  await react(bob, room.id, message, '😀')
  await react(ann, room.id, message, '😓', 'DELETE')
  await react(bob, room.id, message, '🙃')
  // Concurrent reactions, with room for only one.
  await react(ann, room.id, message, '😒', 'DELETE')
  const answers = await Promise.all(['🙂', '🤓', '😴'].map((emoji) => bob.send('PUT', path(emoji))))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
  assert.deepEqual(playedRoom(await entriesIn(ann, room.id)).messages, await messagesIn(ann, room.id))
})
