import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { MessageDraft } from '#server/protocol/chat-schemas.ts'
import { createOutbox, type OutboxOptions } from './outbox.ts'
import type { Sent } from './send-json.ts'
import { fakeClock, settled } from './testing/fake-clock.ts'

type Try = { roomId: string; draft: MessageDraft; answer: (sent: Sent<{ message: WireMessage }>) => void }

test('Messages of a room go one at a time, in the order in which they were written', async () => {
  const { outbox, tries, done, states } = writing()
  for (const body of ['one', 'two', 'three']) outbox.add('a', { body })
  assert.deepEqual(states('a'), ['one sending', 'two waiting', 'three waiting'])
  await done(0)
  await done(1)
  await done(2)
  assert.deepEqual(
    tries.map(({ draft }) => draft.body),
    ['one', 'two', 'three'],
  )
  assert.deepEqual(states('a'), [])
})

test('One room does not wait for another', () => {
  const { outbox, tries } = writing()
  outbox.add('a', { body: 'one' })
  outbox.add('b', { body: 'two', replyTo: 7 })
  assert.deepEqual(
    tries.map(({ roomId, draft }) => [roomId, draft.body, draft.replyTo]),
    [
      ['a', 'one', undefined],
      ['b', 'two', 7],
    ],
  )
})

test('Without a line all wait; with it they go', async () => {
  const { outbox, line, tries, done, states } = writing({ up: false })
  outbox.add('a', { body: 'one' })
  outbox.add('a', { body: 'two' })
  assert.equal(tries.length, 0)
  line.up = true
  outbox.go()
  assert.deepEqual(states('a'), ['one sending', 'two waiting'])
  await done(0)
  assert.equal(tries.length, 2)
})

test('What was cut under way waits for the line, and goes again by the same name', async () => {
  const { outbox, line, tries, answer, done, states } = writing()
  const clientId = outbox.add('a', { body: 'one' })
  line.up = false
  await answer(0, { state: 'unanswered' })
  assert.deepEqual(states('a'), ['one waiting'])
  line.up = true
  outbox.go()
  await settled()
  assert.deepEqual(
    tries.map(({ draft }) => draft.clientId),
    [clientId, clientId],
  )
  await done(1)
  assert.deepEqual(states('a'), [])
})

test('Without an answer on a line that is up it says so, and is tried again, before the next ones', async () => {
  const { outbox, clock, tries, answer, done, states } = writing()
  outbox.add('a', { body: 'one' })
  outbox.add('a', { body: 'two' })
  await answer(0, { state: 'unanswered' })
  assert.deepEqual(states('a'), ['one unanswered', 'two waiting'])
  await clock.pass(20_000)
  assert.deepEqual(
    tries.map(({ draft }) => draft.body),
    ['one', 'one'],
  )
  assert.deepEqual(states('a'), ['one unanswered', 'two waiting'])
  await done(1)
  assert.deepEqual(states('a'), ['two sending'])
})

test('A refusal marks the message and lets the next one go on; sent again by hand it goes after those before it', async () => {
  const { outbox, tries, answer, done, states } = writing()
  const clientId = outbox.add('a', { body: 'one' })
  outbox.add('a', { body: 'two' })
  const problem = { type: '/problems/forbidden', title: 'Forbidden', status: 403 }
  await answer(0, { state: 'refused', problem })
  assert.deepEqual(states('a'), ['one failed', 'two sending'])
  assert.deepEqual(outbox.pending('a')[0]?.problem, problem)
  outbox.retry(clientId)
  assert.equal(tries.length, 2)
  await done(1)
  assert.equal(tries[2]?.draft.clientId, clientId)
  await done(2)
  assert.equal(outbox.isEmpty, true)
})

test('Too much at a time is no refusal: it waits as long as the server says', async () => {
  const { outbox, clock, tries, answer, states } = writing()
  outbox.add('a', { body: 'one' })
  const problem = {
    type: '/problems/rate-limited',
    title: 'Too many requests',
    status: 429,
    retryAfterMs: 2_000,
  }
  await answer(0, { state: 'refused', problem })
  assert.deepEqual(states('a'), ['one waiting'])
  await clock.pass(1_999)
  assert.equal(tries.length, 1)
  await clock.pass(1_000)
  assert.equal(tries.length, 2)
})

test('Sending again at once cuts the rest short', async () => {
  const { outbox, tries, answer } = writing()
  const clientId = outbox.add('a', { body: 'one' })
  await answer(0, { state: 'unanswered' })
  outbox.retry(clientId)
  await settled()
  assert.equal(tries.length, 2)
})

test('A reload keeps what waits, by the same names, and another user does not see it', async () => {
  const { outbox, storage } = writing({ up: false })
  const names = [outbox.add('a', { body: 'one' }), outbox.add('a', { body: 'two', replyTo: 3 })]
  const again = writing({ storage })
  again.outbox.go()
  await again.done(0)
  await again.done(1)
  assert.deepEqual(
    again.tries.map(({ draft }) => draft.clientId),
    names,
  )
  assert.equal(storage.getItem('outbox:me'), null)
  outbox.add('a', { body: 'three' })
  assert.equal(writing({ storage, key: 'outbox:other' }).outbox.pending('a').length, 0)
})

test('What was under way at the reload is sent again, and what had failed still has', async () => {
  const { outbox, storage, answer } = writing()
  outbox.add('a', { body: 'one' })
  outbox.add('a', { body: 'two' })
  await answer(0, { state: 'refused', problem: { type: '/problems/validation', title: 'No', status: 422 } })
  const again = writing({ storage, up: false })
  assert.deepEqual(again.states('a'), ['one failed', 'two waiting'])
})

test('What is refused because somebody else is signed in waits for its writer', async () => {
  const { outbox, states, answer } = writing()
  outbox.add('a', { body: 'one' })
  const problem = { type: '/problems/conflict', title: 'Conflict', status: 409, viewer: 'sam' }
  await answer(0, { state: 'refused', problem })
  assert.deepEqual(states('a'), ['one waiting'])
  const full = writing()
  full.outbox.add('a', { body: 'one' })
  await full.answer(0, {
    state: 'refused',
    problem: { type: '/problems/conflict', title: 'Conflict', status: 409 },
  })
  assert.deepEqual(full.states('a'), ['one failed'])
})

test('What cannot be read or kept is no reason to fail', async () => {
  const storage = {
    getItem: () => '[{"clientId":"__proto__ ","roomId":1},null,"x"',
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
    removeItem: () => undefined,
  }
  const { outbox, done, tries } = writing({ storage })
  outbox.add('a', { body: 'one' })
  await done(0)
  assert.equal(tries.length, 1)
})

test('Discarded it is not sent, and the arrived message is told before it leaves', async () => {
  const { outbox, tries, done } = writing()
  outbox.add('a', { body: 'one' })
  const second = outbox.add('a', { body: 'two' })
  outbox.discard(second)
  const seen: [string, number][] = []
  const leave = outbox.onArrived((roomId, message) =>
    seen.push([roomId + message.seq, outbox.pending('a').length]),
  )
  await done(0)
  leave()
  assert.deepEqual(seen, [['a1', 1]])
  assert.equal(tries.length, 1)
})

test('Gives the same list until something changes, and tells its watchers when it does', () => {
  const { outbox } = writing({ up: false })
  let told = 0
  const leave = outbox.watch(() => {
    told += 1
  })
  const before = outbox.pending('a')
  assert.equal(outbox.pending('a'), before)
  outbox.add('a', { body: 'one' })
  assert.equal(told, 1)
  assert.notEqual(outbox.pending('a'), before)
  leave()
})

function writing(setup: { up?: boolean; storage?: OutboxOptions['storage']; key?: string } = {}) {
  const clock = fakeClock()
  const line = { up: setup.up ?? true }
  const tries: Try[] = []
  const storage = setup.storage ?? memoryStorage()
  const outbox = createOutbox({
    send: (roomId, draft) => new Promise((answer) => tries.push({ roomId, draft, answer })),
    isUp: () => line.up,
    key: setup.key ?? 'outbox:me',
    random: () => 0.5,
    storage,
    clock,
  })
  const answer = async (n: number, sent: Sent<{ message: WireMessage }>) => {
    tries[n]?.answer(sent)
    await settled()
  }
  return {
    ...{ outbox, clock, line, tries, storage, answer },
    done: (n: number) => answer(n, { state: 'done', value: { message: message(n + 1) }, replayed: false }),
    states: (roomId: string) => outbox.pending(roomId).map(({ body, state }) => `${body} ${state}`),
  }
}

function message(seq: number): WireMessage {
  const author = { id: 'me', name: 'Me', handle: 'me' }
  return { id: `m${seq}`, seq, clientId: 'c', authorId: 'me', author, body: '', at: '', reactions: [] }
}

function memoryStorage(): OutboxOptions['storage'] {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  }
}
