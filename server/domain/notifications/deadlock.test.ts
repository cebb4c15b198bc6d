import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { holdToItsWord, like, postBy } from '#server/testing/posts.ts'
import { testApp } from '#server/testing/test-app.ts'

/** Lock waits may last as long as a busy machine needs; Postgres still detects a deadlock after a second. */
const patient = {
  STAGE_MS: '0',
  COMMENTS_PER_MINUTE: '1000',
  LOCK_TIMEOUT_MS: '60000',
  STATEMENT_TIMEOUT_MS: '60000',
}

test('Likes, comments that mention everybody, loan steps and reads across the same people never deadlock.', async (t) => {
  const complaints: string[] = []
  const logger = createLogger('warn', { write: (line) => void complaints.push(line) })
  const app = await testApp(t, patient, logger)
  const people: Person[] = []
  for (let nth = 0; nth < 6; nth += 1) people.push(await signedInPerson(app))
  const posts = await Promise.all(people.map((person) => postBy(person)))
  const everybody = people.map(({ id }) => `@${id}`)

  /** A machine that is too busy refuses and has changed nothing: the same is sent again, as a client would. */
  async function sendUntilDone(person: Person, path: string, body: unknown, status: number) {
    const answer = await eventually(
      async () => {
        const given = await person.send('POST', path, body)
        return given.status !== 503 && given
      },
      { withinMs: 60_000 },
    )
    assert.equal(answer.status, status, await answer.text())
  }
  function mentionAll(person: Person, postId: number, nth: number) {
    const body = (nth % 2 === 0 ? everybody : everybody.toReversed()).join(' ')
    return sendUntilDone(person, `/api/posts/${postId}/comments`, { body }, 201)
  }
  const readAll = (person: Person) =>
    sendUntilDone(person, '/api/notifications/read', { upTo: 1_000_000 }, 200)
  await Promise.all(
    people.flatMap((person, nth) => [
      loanIn(person, 'under-review'),
      ...[...posts.slice(nth), ...posts.slice(0, nth)].flatMap((post) => [
        like(person, post),
        mentionAll(person, post.id, nth),
        readAll(person),
      ]),
    ]),
  )
  for (const person of people) await holdToItsWord(person)
  // A job that hits a deadlock succeeds on retry: only the log shows it.
  assert.deepEqual(complaints, [])
})
