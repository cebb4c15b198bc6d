import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireCommentList, WirePost, WirePostList } from '#server/protocol/feed.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { commentBy, like, notificationsOf, ownEntries, postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ POSTS_PER_MINUTE: '1000', COMMENTS_PER_MINUTE: '1000' })
const [ada, bob] = [await signedInPerson(app), await signedInPerson(app)]

test('A post is liked and commented on; its author is told, on the list and on the stream alike.', async () => {
  const post = await postBy(ada, 'First light')
  assert.deepEqual(await like(bob, post), { likes: 1, likedByMe: true })
  const comment = await commentBy(bob, post, 'Lovely')
  const seen = (await (await bob.get(`/api/posts/${post.id}`)).json()) as WirePost
  assert.deepEqual(seen, { ...post, likes: 1, likedByMe: true, commentCount: 1, comments: [comment] })

  const list = await notificationsOf(ada)
  assert.equal(list.unread, 2)
  assert.deepEqual(
    list.items.map(({ seq, kind, readAt }) => ({ seq, kind, readAt })),
    [
      { seq: 2, kind: 'comment', readAt: null },
      { seq: 1, kind: 'like', readAt: null },
    ],
  )
  assert.match(list.cursor, /\.2$/)
  const entries = await ownEntries(ada)
  const told = list.items.toReversed().map(({ seq, at, kind, data }, nth) => ({
    seq,
    type: 'notification.made',
    at,
    data: { kind, data, unread: nth + 1 },
  }))
  assert.deepEqual(entries, told)
})

test('The feed is paged without gap or repeat, also while others write.', async () => {
  const written: number[] = []
  for (let nth = 0; nth < 45; nth += 1) written.unshift((await postBy(ada, `Post ${nth}`)).id)
  const found: number[] = []
  let query = ''
  for (;;) {
    const page = (await (await bob.get(`/api/posts${query}`)).json()) as WirePostList
    found.push(...page.items.map(({ id }) => id))
    if (page.nextBefore === null) break
    query = `?before=${page.nextBefore}`
    await postBy(bob, 'Between two pages')
  }
  assert.deepEqual(found.slice(0, written.length), written)
  assert.equal(new Set(found).size, found.length)
})

test('W1: a post or comment with a key is made once; without one each is another.', async () => {
  const key = crypto.randomUUID()
  const once = [
    await ada.create('/api/posts', { body: 'Once' }, key),
    await ada.create('/api/posts', { body: 'Once' }, key),
  ]
  const [made, replayed] = await Promise.all(once.map((answer) => answer.json()))
  assert.deepEqual(replayed, made)
  assert.equal(once[1]?.headers.get('idempotent-replayed'), 'true')
  assert.equal(once[1]?.headers.get('location'), `/api/posts/${(made as WirePost).id}`)
  await expectProblem(await ada.create('/api/posts', { body: 'Other' }, key), 422, 'idempotency-key-reused')
  await expectProblem(await ada.create('/api/posts', { body: 'Once' }, 'two words'), 400, 'invalid-parameter')
  await expectProblem(await ada.create('/api/posts', { body: 'Once' }, ''), 400, 'idempotency-key-required')

  const comments = `/api/posts/${(made as WirePost).id}/comments`
  for (const twice of [key, key])
    assert.equal((await bob.create(comments, { body: 'Yes' }, twice)).status, 201)
  for (const body of ['Yes', 'Yes']) await bob.send('POST', comments, { body })
  const seen = (await (await bob.get(`/api/posts/${(made as WirePost).id}`)).json()) as WirePost
  assert.equal(seen.commentCount, 3)
})

test('Comments are paged from the newest, each page oldest first.', async () => {
  const post = await postBy(ada)
  for (let nth = 1; nth <= 45; nth += 1) await commentBy(bob, post, `Comment ${nth}`)
  const bodies: string[] = []
  for (let query = ''; ; ) {
    const answer = await ada.get(`/api/posts/${post.id}/comments${query}`)
    const { items, nextBefore } = (await answer.json()) as WireCommentList
    bodies.unshift(...items.map(({ body }) => body))
    if (nextBefore === null) break
    query = `?before=${nextBefore}`
  }
  assert.deepEqual(
    bodies,
    Array.from({ length: 45 }, (_, nth) => `Comment ${nth + 1}`),
  )
  const seen = (await (await ada.get(`/api/posts/${post.id}`)).json()) as WirePost
  assert.deepEqual(
    seen.comments.map(({ body }) => body),
    ['Comment 43', 'Comment 44', 'Comment 45'],
  )
})
