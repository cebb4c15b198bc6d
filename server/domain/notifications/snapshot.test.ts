import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePost, WirePostList } from '#server/protocol/feed.ts'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { like, notificationsOf, postBy, type UserEntry } from '#server/testing/posts.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ POSTS_PER_MINUTE: '1000', LIKES_PER_MINUTE: '1000' })

test('N5: every list, taken while others write, resumes from its cursor to the same end.', async () => {
  const author = await signedInPerson(app)
  const posts = [await postBy(author), await postBy(author)]
  const fans: Person[] = []
  for (let nth = 0; nth < 6; nth += 1) fans.push(await signedInPerson(app))
  const lists = await takenWhile(
    () => notificationsOf(author),
    Promise.all(
      fans.map(async (fan) => {
        for (const method of ['PUT', 'DELETE', 'PUT'] as const) {
          for (const post of posts) await like(fan, post, method)
        }
      }),
    ),
  )
  const end = await notificationsOf(author)
  assert.equal(end.items.length, 12)
  assert.ok(
    lists.some(({ cursor }) => cursor !== end.cursor && !cursor.endsWith('.0')),
    'some were early',
  )
  for (const list of lists) {
    const entries = (await entriesAfter(author, 'me', list.cursor)) as UserEntry[]
    assert.deepEqual(continued(list, entries), { seqs: end.items.map(({ seq }) => seq), unread: end.unread })
  }
})

test('The feed too resumes from its cursor: every post, every count, no gap and no repeat.', async () => {
  const [author, fan] = [await signedInPerson(app), await signedInPerson(app)]
  const posts = [await postBy(author), await postBy(author)]
  const read = async () => (await (await fan.get('/api/posts')).json()) as WirePostList
  const lists = await takenWhile(
    read,
    Promise.all([
      ...posts.flatMap((post) => [like(author, post), like(fan, post)]),
      ...Array.from({ length: 8 }, () => postBy(author)),
    ]),
  )
  const end = await read()
  for (const list of lists) {
    const known = new Map(list.items.map(({ id, likes }) => [id, likes]))
    for (const { type, data } of await entriesAfter(fan, 'feed', list.cursor)) {
      const { post, postId, likes } = data as { post?: WirePost; postId: number; likes: number }
      if (type === 'post.created' && post) {
        assert.ok(!known.has(post.id), 'the list has it already')
        known.set(post.id, post.likes)
      } else known.set(postId, likes)
    }
    assert.deepEqual(
      known,
      new Map(end.items.filter(({ id }) => known.has(id)).map(({ id, likes }) => [id, likes])),
    )
    assert.equal(known.size, end.items.length)
  }
})

/** Takes lists one after the other until `work` is done. */
async function takenWhile<T>(take: () => Promise<T>, work: Promise<unknown>): Promise<T[]> {
  const taken: T[] = []
  let working = true
  const done = work.finally(() => {
    working = false
  })
  while (working) taken.push(await take())
  await done
  return taken
}

async function entriesAfter(person: Person, stream: string, cursor: string) {
  const answer = await person.get(`/api/streams/${stream}?after=${cursor}`)
  const page = (await answer.json()) as WirePage
  assert.equal(page.more, false)
  return page.entries
}

/** What a bell shows that started from the list and then received the entries. */
function continued(list: WireNotificationList, entries: readonly UserEntry[]) {
  const seqs = list.items.map(({ seq }) => seq)
  let { unread } = list
  for (const { seq, type, data } of entries) {
    if (type === 'notification.made') {
      assert.ok(!seqs.includes(seq), 'the list has it already')
      seqs.unshift(seq)
    } else if (type === 'notification.withdrawn') {
      assert.ok(seqs.includes(data.seq), 'the list lacks what is withdrawn')
      seqs.splice(seqs.indexOf(data.seq), 1)
    }
    unread = data.unread
  }
  return { seqs, unread }
}
