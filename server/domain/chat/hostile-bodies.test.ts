import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from '#server/protocol/problems.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { messagesIn, remove, roomOf, say } from '#server/testing/rooms.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({
  ...{ CHAT_BURST: '100000', ROOMS_PER_MINUTE: '100000', INVITATIONS_PER_MINUTE: '100000' },
  MESSAGE_CHANGES_PER_MINUTE: '100000',
})
const ann = await signedInPerson(app)
const room = await roomOf(ann)
const elsewhere = await roomOf(ann)
const message = await say(ann, room.id, 'Hello')
const deleted = await say(ann, room.id, 'Never mind')
await remove(ann, room.id, deleted)
const other = await say(ann, elsewhere.id, 'Elsewhere')

/** JSON texts, because JSON.stringify cannot write all of them. */
const things = ['null', '[]', '{}', 'true', '["a"]']
const notTexts = ['7', ...things]
const notStorable = ['"a\\u0000b"', '"\\ud83d"', '"\\ude00\\ud83d"']
const empty = ['""', '" \\t\\n\\u00a0\\u3000"']
const longerThan = (limit: number) => [
  JSON.stringify('a'.repeat(limit + 1)),
  JSON.stringify('😀'.repeat(limit + 1)),
]
const notSeqs = ['0', '-1', '1.5', '1e400', '9007199254740993', '"1"', ...things]
const notIds = [
  '""',
  '"a b"',
  '"a/b"',
  '"../a"',
  JSON.stringify('x'.repeat(65)),
  '7',
  ...notStorable,
  ...things,
]
/** Well-formed seqs that cannot be replied to: one still to come, an entry of another kind, a deleted message. */
const unanswerable = ['999999', '1', String(deleted.seq), String(other.seq + 100)]

type Write = { what: string; method: string; path: string; good: object; bad: Record<string, string[]> }
const writes: Write[] = [
  {
    ...{ what: 'a room', method: 'POST', path: '/api/rooms' },
    good: { name: 'A room', visibility: 'public', topic: 'Things' },
    bad: {
      name: [...notTexts, ...notStorable, ...empty, ...longerThan(60)],
      visibility: ['"secret"', '""', '"PUBLIC"', ...notTexts, ...notStorable],
      topic: [...notTexts, ...notStorable, ...empty, ...longerThan(200)],
    },
  },
  {
    ...{ what: 'a message', method: 'POST', path: `/api/rooms/${room.id}/messages` },
    good: { clientId: 'one', body: 'Hi', replyTo: message.seq },
    bad: {
      clientId: notIds,
      body: [...notTexts, ...notStorable, ...empty, ...longerThan(4_000)],
      replyTo: [...notSeqs, ...unanswerable],
    },
  },
  {
    ...{ what: 'an edit', method: 'PATCH', path: `/api/rooms/${room.id}/messages/${message.seq}` },
    good: { body: 'Hello' },
    bad: { body: [...notTexts, ...notStorable, ...empty, ...longerThan(4_000)] },
  },
  {
    ...{ what: 'an invitation', method: 'POST', path: `/api/rooms/${room.id}/invitations` },
    good: { userId: ann.id },
    bad: { userId: [...notIds, '"nobody"', '"__proto__"'] },
  },
  {
    ...{ what: 'a read position', method: 'POST', path: `/api/rooms/${room.id}/read` },
    good: { upTo: 0 },
    bad: { upTo: ['-1', '1.5', '1e400', '9007199254740993', '"1"', ...things] },
  },
]

for (const { what, method, path, good, bad } of writes) {
  test(`CH1 What is not ${what} is refused with the member at fault, and changes nothing.`, async () => {
    const before = await allRows()
    for (const [name, values] of Object.entries(bad)) {
      for (const json of values) {
        const problem = await expectProblem(
          await ann.send(method, path, withMember(good, name, json)),
          422,
          'validation',
        )
        const pointers = problem.errors?.map(({ pointer }) => pointer)
        assert.deepEqual([...new Set(pointers)], [`/${name}`], `${name}: ${json}`)
      }
    }
    for (const name of ['__proto__', 'constructor', 'seq', 'authorId']) {
      const problem = await expectProblem(
        await ann.send(method, path, withMember(good, name, '{"body":"x"}')),
        422,
        'validation',
      )
      assert.deepEqual(
        problem.errors?.map(({ pointer }) => pointer),
        [`/${name}`],
      )
    }
    for (const text of ['null', '7', '[]', '"text"']) {
      await expectProblem(await ann.send(method, path, text), 422, 'validation')
    }
    for (const text of ['{', '', '{"a":NaN}']) {
      await expectProblem(await ann.send(method, path, text), 400, 'malformed-json')
    }
    assert.deepEqual(await allRows(), before)
  })
}

test('CH1 The socket refuses the same messages and read positions, with the same document.', async (t) => {
  const socket = await socketClient(ann, app)
  t.after(socket.close)
  const before = await allRows()
  for (const [command, write] of [
    ['chat:send', writes[1]],
    ['chat:read', writes[4]],
  ] as const) {
    for (const [name, values] of Object.entries(write?.bad ?? {})) {
      // JSON.parse turns these into other values, so over the socket they are not cases of their own.
      for (const json of values.filter((each) => !['1e400', '9007199254740993'].includes(each))) {
        const payload = JSON.parse(withMember({ roomId: room.id, ...write?.good }, name, json))
        const ack = await socket.command(command, payload)
        assert.ok(!ack.ok, `${name}: ${json}`)
        assert.deepEqual([slugOf(ack.problem), ack.problem.status], ['validation', 422])
        assert.equal(ack.problem.errors?.[0]?.pointer, `/${name}`)
      }
    }
  }
  for (const roomId of ['', 'a b', 'x'.repeat(65), null, 7, {}]) {
    const ack = await socket.command('chat:send', {
      ...{ clientId: 'one', body: 'Hi' },
      roomId: roomId as string,
    })
    assert.ok(!ack.ok)
    assert.equal(slugOf(ack.problem), 'validation')
  }
  assert.deepEqual(await allRows(), before)
})

test('CH1 4,000 characters of any plane are a message, and what it says is kept as it was sent, trimmed.', async () => {
  const bodies = [
    '😀'.repeat(4_000),
    'ü'.repeat(4_000),
    '👩‍👩‍👧‍👦 a̐éö̲ \u202e <b>&amp;',
    '"; DROP TABLE message; --',
    '%00\\u0000',
    'line\n\nline\ttab',
  ]
  for (const [nth, body] of bodies.entries()) {
    const sent = await say(ann, elsewhere.id, ` ${body}\n`, { clientId: `any-${nth}` })
    assert.equal(sent.body, body)
  }
  const kept = (await messagesIn(ann, elsewhere.id)).slice(-bodies.length)
  assert.deepEqual(
    kept.map(({ body }) => body),
    bodies,
  )
})

test('CH1 A path that names no room, no message, no person or no emoji is refused before anything is asked.', async () => {
  const here = `/api/rooms/${room.id}`
  const odd = [
    '%00',
    '%F0%9F%98%80',
    'a%20b',
    'x'.repeat(65),
    '__proto__',
    'constructor',
    '%27--',
    '..%2Fa',
    '-1',
    '0',
  ]
  for (const one of odd) {
    for (const path of [`/api/rooms/${one}`, `/api/rooms/${one}/messages`]) {
      await expectProblem(await ann.get(path), 404, 'not-found')
    }
    await expectProblem(await ann.send('PUT', `/api/rooms/${one}/membership`), 404, 'not-found')
  }
  for (const seq of [...odd, '01', '1.0', '1e3', '9999999999999999', '999999999999999']) {
    await expectProblem(await ann.send('PATCH', `${here}/messages/${seq}`, { body: 'x' }), 404, 'not-found')
    await expectProblem(await ann.send('DELETE', `${here}/messages/${seq}`), 404, 'not-found')
  }
  for (const member of odd.slice(0, 4)) {
    await expectProblem(await ann.send('DELETE', `${here}/members/${member}`), 404, 'not-found')
  }
  for (const before of ['', '0', '-1', '1.5', 'a', '%00', '1e3', '9999999999999999', '1&before=2']) {
    await expectProblem(await ann.get(`${here}/messages?before=${before}`), 400, 'invalid-parameter')
  }
})

test('CH2 Nobody talks without a session, or from a foreign page.', async () => {
  const stranger = { cookie: '', origin: 'http://elsewhere.example' }
  for (const [method, path, body] of [
    ['GET', '/api/rooms'],
    ['GET', `/api/rooms/${room.id}`],
    ['GET', `/api/rooms/${room.id}/messages`],
    ['POST', '/api/rooms', { name: 'x', visibility: 'public' }],
    ['PUT', `/api/rooms/${room.id}/membership`],
    ['DELETE', `/api/rooms/${room.id}/membership`],
    ['POST', `/api/rooms/${room.id}/messages`, { clientId: 'x', body: 'x' }],
    ['PATCH', `/api/rooms/${room.id}/messages/${message.seq}`, { body: 'x' }],
    ['DELETE', `/api/rooms/${room.id}/messages/${message.seq}`],
    ['PUT', `/api/rooms/${room.id}/messages/${message.seq}/reactions/%F0%9F%98%80`],
    ['POST', `/api/rooms/${room.id}/read`, { upTo: 1 }],
    ['POST', `/api/rooms/${room.id}/invitations`, { userId: ann.id }],
    ['DELETE', `/api/rooms/${room.id}/members/${ann.id}`],
  ] as const) {
    const unknown = await ann.send(method, path, body, { cookie: stranger.cookie })
    await expectProblem(unknown, 401, 'unauthenticated')
    if (method === 'GET') continue
    const foreign = await ann.send(method, path, body, { origin: stranger.origin })
    await expectProblem(foreign, 403, 'origin-not-allowed')
  }
})

function withMember(members: object, name: string, json: string): string {
  const others = Object.entries(members).filter(([other]) => other !== name)
  return `{${[...others.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`), `"${name}":${json}`].join(',')}}`
}

function allRows(): Promise<unknown> {
  return app.context.database.prisma.$queryRaw`
    SELECT (SELECT count(*) FROM room) AS rooms, (SELECT count(*) FROM message) AS messages,
      (SELECT count(*) FROM room_member) AS members, (SELECT count(*) FROM room_invitation) AS invitations,
      (SELECT count(*) FROM log_entry) AS entries, (SELECT count(*) FROM notification) AS notifications,
      (SELECT string_agg(body, ',' ORDER BY id) FROM message WHERE "roomId" = ${room.id}) AS bodies`
}
