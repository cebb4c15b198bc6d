import assert from 'node:assert/strict'
import type { WireComment, WirePost } from '#server/protocol/feed.ts'
import type { NotificationKind, UserEntryData, WireNotificationList } from '#server/protocol/notifications.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import type { Person } from './person.ts'

/** Creates a post by this person. */
export async function postBy(person: Person, body = 'It rains'): Promise<WirePost> {
  return made(await person.send('POST', '/api/posts', { body }))
}

/** Creates a comment by this person on a post. */
export async function commentBy(person: Person, post: WirePost, body: string): Promise<WireComment> {
  return made(await person.send('POST', `/api/posts/${post.id}/comments`, { body }))
}

/** Likes a post, or removes the like. */
export async function like(person: Person, { id }: WirePost, method: 'PUT' | 'DELETE' = 'PUT') {
  const answer = await person.send(method, `/api/posts/${id}/like`)
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return JSON.parse(text) as { likes: number; likedByMe: boolean }
}

/** The newest notifications of a person. */
export async function notificationsOf(person: Person, query = ''): Promise<WireNotificationList> {
  const answer = await person.get(`/api/notifications${query}`)
  assert.equal(answer.status, 200)
  return (await answer.json()) as WireNotificationList
}

/** The kinds of their notifications, newest first. */
export async function kindsToldTo(person: Person): Promise<NotificationKind[]> {
  return (await notificationsOf(person)).items.map(({ kind }) => kind)
}

export type UserEntry = {
  [Type in keyof UserEntryData]: WireEntry<UserEntryData[Type]> & { type: Type }
}[keyof UserEntryData]

/** All entries of a person's own stream, from its start. */
export async function ownEntries(person: Person): Promise<UserEntry[]> {
  const entries: UserEntry[] = []
  for (let after = ''; ; ) {
    const page = (await (await person.get(`/api/streams/me${after}`)).json()) as WirePage
    entries.push(...(page.entries as UserEntry[]))
    if (!page.more) return entries
    after = `?after=${page.next}`
  }
}

async function made<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  assert.equal(answer.status, 201, text)
  return JSON.parse(text) as T
}

/**
 * Plays a person's stream from its start as a browser would, and asserts that every count in it, and the list, match
 * the result. Returns the unread seqs.
 */
export async function holdToItsWord(person: Person): Promise<number[]> {
  const entries = await ownEntries(person)
  const list = await notificationsOf(person, '?unread=true')
  const unread = new Set<number>()
  for (const [nth, entry] of entries.entries()) {
    assert.equal(entry.seq, nth + 1)
    play(entry, unread)
    assert.equal(entry.data.unread, unread.size, `after ${JSON.stringify(entry)}`)
  }
  assert.equal(list.unread, unread.size)
  const seqs = [...unread].sort((one, other) => other - one)
  assert.deepEqual(
    list.items.map(({ seq }) => seq),
    seqs.slice(0, list.items.length),
  )
  return seqs
}

function play({ seq, type, data }: UserEntry, unread: Set<number>) {
  switch (type) {
    case 'notification.made':
      unread.add(seq)
      break
    case 'notification.withdrawn':
      assert.ok(unread.delete(data.seq), 'only what is unread is withdrawn')
      break
    case 'notification.read':
      for (const one of 'seqs' in data ? data.seqs : [...unread].filter((each) => each <= data.upTo)) {
        assert.ok(unread.delete(one), 'only what is unread is read')
      }
  }
}
