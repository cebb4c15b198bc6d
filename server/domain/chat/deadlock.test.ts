import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trimLog } from '#server/log/trim.ts'
import { createLogger } from '#server/logger.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { messagesIn, roomOf } from '#server/testing/rooms.ts'
import { testApp } from '#server/testing/test-app.ts'

const unlimited = {
  ...{ CHAT_BURST: '100000', ROOMS_PER_MINUTE: '100000', INVITATIONS_PER_MINUTE: '100000' },
  MESSAGE_CHANGES_PER_MINUTE: '100000',
  // A busy machine may need long; Postgres still detects a deadlock after a second.
  ...{ LOCK_TIMEOUT_MS: '60000', STATEMENT_TIMEOUT_MS: '60000' },
}
const rounds = 6

test('CH9 Six people who talk in three rooms with mentions of each other, read, react, edit, delete, ask in, leave and come back never deadlock', async (t) => {
  const complaints: string[] = []
  const logger = createLogger('warn', { write: (line) => void complaints.push(line) })
  const app = await testApp(t, unlimited, logger)
  const people: Person[] = []
  for (let nth = 0; nth < 6; nth += 1) people.push(await signedInPerson(app))
  const [owner, ...others] = people
  assert.ok(owner)
  const rooms = [await roomOf(owner, others), await roomOf(owner, others), await roomOf(owner, others)]
  const everybody = people.map(({ id }) => `@${id}`)

  /** The room changes concurrently, so refusals are expected. */
  async function ask(person: Person, method: string, path: string, body?: unknown) {
    const answer = await person.send(method, path, body)
    const text = await answer.text()
    assert.ok([200, 201, 204, 403, 404, 409, 422].includes(answer.status), `${method} ${path}: ${text}`)
    return answer.status < 300 && text !== '' ? JSON.parse(text) : undefined
  }

  async function live(person: Person, nth: number) {
    for (let round = 0; round < rounds; round += 1) {
      const turn = (at: number) => `/api/rooms/${rooms[(nth + round + at) % 3]?.id}`
      const body = (round % 2 === 0 ? everybody : everybody.toReversed()).join(' ')
      const clientId = `r${round}`
      const sent = await ask(person, 'POST', `${turn(0)}/messages`, { clientId, body })
      const at = `${turn(0)}/messages/${sent?.seq ?? 8}`
      await Promise.all([
        ask(person, 'POST', `${turn(1)}/messages`, { clientId: `x${round}`, body }),
        ask(person, 'POST', `${turn(0)}/messages`, { clientId: `y${round}`, body, replyTo: sent?.seq ?? 8 }),
        ask(person, 'PUT', `${turn(0)}/messages/${8 + round}/reactions/%F0%9F%91%8D`),
        ask(person, 'POST', `${turn(2)}/read`, { upTo: 1_000_000 }),
        ask(person, 'POST', '/api/notifications/read', { upTo: 1_000_000 }),
        ask(person, 'PATCH', at, { body: `Edited ${body}` }),
        ask(person, 'POST', `${turn(2)}/invitations`, { userId: people[(nth + round) % 6]?.id }),
        round % 3 === nth % 3 ? ask(person, 'DELETE', at) : undefined,
        round % 3 === 1 ? ask(person, 'DELETE', `${turn(2)}/membership`) : undefined,
        round % 3 === 2 ? ask(person, 'PUT', `${turn(1)}/membership`) : undefined,
        nth === 0 ? ask(person, 'DELETE', `${turn(2)}/members/${people[round % 6]?.id}`) : undefined,
        nth === 1 ? trimLog(app.context.database.prisma, 20) : undefined,
      ])
    }
  }

  await Promise.all(people.map(live))
  // A deadlock is a 500 to one of the two, or a failed job: the log shows either.
  assert.deepEqual(complaints, [])
  for (const { id } of rooms) {
    await ask(owner, 'PUT', `/api/rooms/${id}/membership`)
    assert.ok((await messagesIn(owner, id)).length > 0)
  }
})
