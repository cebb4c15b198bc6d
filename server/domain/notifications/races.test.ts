import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePost } from '#server/protocol/feed.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord, like, notificationsOf, ownEntries, postBy } from '#server/testing/posts.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({
  STAGE_MS: '0',
  POSTS_PER_MINUTE: '1000',
  COMMENTS_PER_MINUTE: '1000',
  LIKES_PER_MINUTE: '1000',
})

test('N2: twenty likes of one person at once are one like and one notification.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author)
  const answers = await Promise.all(Array.from({ length: 20 }, () => like(fan, post)))
  assert.deepEqual(new Set(answers.map(({ likes }) => likes)), new Set([1]))
  assert.deepEqual(await holdToItsWord(author), [1])
  assert.equal((await ownEntries(author)).length, 1)
})

test('N3: likes and their taking back, all at once, end in a state that all counts agree on.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author)
  await Promise.all(Array.from({ length: 20 }, (_, nth) => like(fan, post, nth % 2 === 0 ? 'PUT' : 'DELETE')))
  const seen = (await (await fan.get(`/api/posts/${post.id}`)).json()) as WirePost
  assert.equal(seen.likes, seen.likedByMe ? 1 : 0)
  const unread = await holdToItsWord(author)
  assert.equal(unread.length, seen.likes)
  const entries = await ownEntries(author)
  const types = entries.map(({ type }) => type)
  const turns = types.map((_, nth) => (nth % 2 === 0 ? 'notification.made' : 'notification.withdrawn'))
  assert.deepEqual(types, turns, 'made and withdrawn take turns')
})

test('N1: the count is right after each of fifty likes by fifty people at once.', async () => {
  const author = await signedInPerson(app)
  const post = await postBy(author)
  const fans = []
  for (let nth = 0; nth < 50; nth += 1) fans.push(await signedInPerson(app))
  const answers = await Promise.all(fans.map((fan) => like(fan, post)))
  assert.deepEqual(
    answers.map(({ likes }) => likes).sort((one, other) => one - other),
    Array.from({ length: 50 }, (_, nth) => nth + 1),
  )
  assert.equal((await holdToItsWord(author)).length, 50)
})

test('N1: reading while others like, take back and like again loses no count.', async (t) => {
  const random = seededRandom(t)
  const author = await signedInPerson(app)
  const posts = [await postBy(author), await postBy(author)] as const
  const fans = []
  for (let nth = 0; nth < 8; nth += 1) fans.push(await signedInPerson(app))
  let liking = true
  async function keepReading() {
    while (liking) {
      const { items } = await notificationsOf(author)
      const seq = items[Math.floor(random() * items.length)]?.seq ?? 1
      const order = random() < 0.5 ? { upTo: seq } : { seqs: [seq] }
      assert.equal((await author.send('POST', '/api/notifications/read', order)).status, 200)
    }
  }
  const readers = [keepReading(), keepReading()]
  await Promise.all(
    fans.map(async (fan) => {
      for (const method of ['PUT', 'DELETE', 'PUT', 'DELETE', 'PUT'] as const) {
        for (const post of posts) await like(fan, post, method)
      }
    }),
  )
  liking = false
  await Promise.all(readers)
  await holdToItsWord(author)
})
