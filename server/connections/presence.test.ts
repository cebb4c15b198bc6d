import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Packet } from '#server/deliver/encode/packet.ts'
import { joinedBackplanes } from '#server/testing/joined-backplanes.ts'
import { createPresence } from './presence.ts'

const settledMs = 1_000

test('WS7 All who have a room open are told who else has, the newcomer included, and nobody of another room', (t) => {
  const { presence, connection, settle } = presenceOf(t)
  const [ann, bob, cleo] = [connection('ann'), connection('bob'), connection('cleo')]
  presence.enter('here', ann)
  presence.enter('there', cleo)
  settle()
  assert.deepEqual([ann.here(), cleo.here()], [[['ann']], [['cleo']]])
  presence.enter('here', bob)
  settle()
  assert.deepEqual(ann.here(), [['ann'], ['ann', 'bob']])
  assert.deepEqual(bob.here(), [['ann', 'bob']])
  assert.equal(cleo.here().length, 1)
  presence.leave('here', ann)
  settle()
  assert.deepEqual(bob.here().at(-1), ['bob'])
  assert.equal(ann.here().length, 2)
})

test('WS7 Two connections of one person count once, and the person is here until both have gone', (t) => {
  const { presence, connection, settle } = presenceOf(t)
  const [ann, one, two] = [connection('ann'), connection('bob'), connection('bob')]
  for (const each of [ann, one, two]) presence.enter('here', each)
  settle()
  assert.deepEqual(ann.here(), [['ann', 'bob']])
  presence.leave('here', one)
  settle()
  assert.deepEqual(ann.here(), [['ann', 'bob']], 'who has heard the same is not told again')
  presence.leave('here', two)
  presence.leave('here', two)
  settle()
  assert.deepEqual(ann.here(), [['ann', 'bob'], ['ann']])
})

test('WS7 Who comes and goes in one breath makes one change of it, or none', (t) => {
  const { presence, connection, settle } = presenceOf(t)
  const ann = connection('ann')
  presence.enter('here', ann)
  settle()
  for (let nth = 0; nth < 10; nth += 1) presence.enter('here', connection(`guest ${nth}`))
  settle()
  assert.equal(ann.here().length, 2)
  assert.equal(ann.here().at(-1)?.length, 11)
  const shy = connection('shy')
  presence.enter('here', shy)
  presence.leave('here', shy)
  settle()
  assert.equal(ann.here().length, 2)
  assert.deepEqual(shy.here(), [])
})

test('WS7 Following a room again on the same connection brings its presence again', (t) => {
  const { presence, connection, settle } = presenceOf(t)
  const ann = connection('ann')
  for (let nth = 0; nth < 2; nth += 1) {
    presence.enter('here', ann)
    settle()
  }
  assert.deepEqual(ann.here(), [['ann'], ['ann']])
})

test('WS7 Typing is told to the others in the room, not to one’s own connections', (t) => {
  const { presence, connection } = presenceOf(t)
  const [ann, bob, also, away] = [connection('ann'), connection('bob'), connection('bob'), connection('cleo')]
  for (const each of [ann, bob, also]) presence.enter('here', each)
  presence.enter('there', away)
  const untilMs = 1_000_000
  presence.typing('here', bob, { untilMs, forMs: 5_000 })
  assert.deepEqual(ann.typing(), [{ roomId: 'here', userId: 'bob', untilMs, forMs: 5_000 }])
  for (const each of [bob, also, away]) assert.deepEqual(each.typing(), [])
  assert.ok(presence.isHere('here', bob))
  assert.ok(!presence.isHere('there', bob))
  presence.leave('here', bob)
  assert.ok(!presence.isHere('here', bob))
})

test('WS7 A node that has closed tells nothing more', (t) => {
  const { presence, connection, settle } = presenceOf(t)
  const ann = connection('ann')
  presence.enter('here', ann)
  presence.close()
  settle()
  assert.deepEqual(ann.here(), [])
})

function presenceOf(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const [backplane] = joinedBackplanes(1)
  assert.ok(backplane)
  const presence = createPresence(backplane)
  function connection(userId: string) {
    const told: [string, Record<string, unknown>][] = []
    const all = (name: string) => told.flatMap(([each, event]) => (each === name ? [event] : []))
    return {
      userId,
      write: ({ text }: Packet) => void told.push(JSON.parse(text.slice(1))),
      here: () => all('presence').map(({ here }) => here as string[]),
      typing: () => all('typing'),
    }
  }
  return { presence, connection, settle: () => t.mock.timers.tick(settledMs) }
}
