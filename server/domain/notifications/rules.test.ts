import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notificationKinds, type Preferences } from '#server/protocol/notifications.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import {
  commentBy,
  holdToItsWord,
  kindsToldTo,
  like,
  notificationsOf,
  ownEntries,
  postBy,
} from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ POSTS_PER_MINUTE: '1000', COMMENTS_PER_MINUTE: '1000' })
const handle = ({ id }: Person) => `@${id}`

test('N2: nobody is told of their own like, comment or mention.', async () => {
  const [author, fence] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author, `I am ${handle(author)}`)
  await like(author, post)
  await commentBy(author, post, `${handle(author)} again`)
  await like(fence, post)
  assert.deepEqual(await kindsToldTo(author), ['like'])
  await like(author, post, 'DELETE')
  assert.deepEqual(await holdToItsWord(author), [1])
})

test('N2: liking again tells nothing again.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author)
  for (let times = 0; times < 3; times += 1) {
    assert.deepEqual(await like(fan, post), { likes: 1, likedByMe: true })
  }
  assert.deepEqual(await kindsToldTo(author), ['like'])
})

test('N3: a like that is taken back before it was seen is as if it had not been.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author)
  await like(fan, post)
  for (let times = 0; times < 2; times += 1) {
    assert.deepEqual(await like(fan, post, 'DELETE'), { likes: 0, likedByMe: false })
  }
  const list = await notificationsOf(author)
  assert.deepEqual([list.items, list.unread], [[], 0])
  assert.deepEqual(
    (await ownEntries(author)).slice(1).map(({ type, data }) => ({ type, data })),
    [{ type: 'notification.withdrawn', data: { seq: 1, unread: 0 } }],
  )
  await like(fan, post)
  assert.deepEqual(await holdToItsWord(author), [3])
})

test('N3: one that was seen stays, and liking again tells nothing new.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const post = await postBy(author)
  await like(fan, post)
  await author.send('POST', '/api/notifications/read', { upTo: 1 })
  await like(fan, post, 'DELETE')
  await like(fan, post)
  const { items, unread } = await notificationsOf(author)
  assert.deepEqual([items.length, unread], [1, 0])
  assert.equal((await ownEntries(author)).length, 2)
})

test('N4: a mention wins over the comment that holds it, once for each, and words that hold an @ are none.', async () => {
  const people = [await signedInPerson(app), await signedInPerson(app), await signedInPerson(app)] as const
  const [author, writer, other] = people
  const post = await postBy(author)
  await commentBy(writer, post, `${handle(author)}, ${handle(other).toUpperCase()}-- and ${handle(author)}!`)
  await commentBy(writer, post, `mail x${handle(other)} or @${handle(other)}, nobody@nowhere, @`)
  assert.deepEqual(await kindsToldTo(author), ['comment', 'mention'])
  assert.deepEqual(await kindsToldTo(other), ['mention'])
  assert.deepEqual(await kindsToldTo(writer), [])
})

test('N4: the first ten that a text mentions are told.', async () => {
  const writer = await signedInPerson(app)
  const crowd = []
  for (let nth = 0; nth < 11; nth += 1) crowd.push(await signedInPerson(app))
  await postBy(writer, crowd.map(handle).join(' '))
  const told = await Promise.all(crowd.map(async (person) => (await kindsToldTo(person)).length))
  assert.deepEqual(told, [...Array.from({ length: 10 }, () => 1), 0])
})

test('An excerpt is the beginning of the text, 120 characters with its ellipsis, and breaks none apart.', async () => {
  const [author, other] = [await signedInPerson(app), await signedInPerson(app)]
  await postBy(author, `${handle(other)} ${'😀'.repeat(200)}`)
  const { items } = await notificationsOf(other)
  const [mention] = items
  assert.equal(mention?.kind, 'mention')
  const { excerpt, by } = mention.data
  assert.equal([...excerpt].length, 120)
  assert.ok(excerpt.isWellFormed() && excerpt.endsWith('😀…'))
  assert.deepEqual(by, { id: author.id, name: author.id, handle: author.id })
})

test('N2: a kind that is switched off is not told, and a mention then counts as the comment that it is.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const path = '/api/notifications/preferences'
  const all = (await (await author.get(path)).json()) as Preferences
  assert.deepEqual(all, Object.fromEntries(notificationKinds.map((kind) => [kind, true])))
  const some = { ...all, like: false, mention: false }
  const chosen = await author.send('PUT', path, some)
  assert.deepEqual([chosen.status, await chosen.json()], [200, some])
  assert.deepEqual(await (await author.get(path)).json(), some)

  const post = await postBy(author)
  await like(fan, post)
  await commentBy(fan, post, handle(author))
  assert.deepEqual(await kindsToldTo(author), ['comment'])
  await author.send('PUT', path, all)
  await commentBy(fan, post, handle(author))
  assert.deepEqual(await kindsToldTo(author), ['mention', 'comment'])
  for (const bad of [{}, { ...all, like: 'no' }, { ...all, gossip: true }, [], null]) {
    await expectProblem(await author.send('PUT', path, bad), 422, 'validation')
  }
})
