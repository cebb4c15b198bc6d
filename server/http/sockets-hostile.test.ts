import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugOf } from '#server/protocol/problems.ts'
import { eventually } from '#server/testing/eventually.ts'
import { brokenPackets, refusedEvents } from '#server/testing/hostile-packets.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { rawSocket } from '#server/testing/raw-socket.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ PACKETS_PER_SECOND: '10000', MAX_SOCKETS_PER_USER: '1000' })

test('WS9 Every well-formed command that cannot be done is acknowledged with its problem, on a line that stays open', async () => {
  const socket = await rawSocket(app.port, await signedInPerson(app))
  for (const [id, [name, event, slug]] of refusedEvents.entries()) {
    socket.send(`42${id}${event}`)
    const { ok, problem } = await socket.ack(id)
    assert.equal(ok, false, name)
    assert.ok(problem, name)
    assert.equal(slugOf(problem), slug, name)
  }
  socket.send('429999["follow",{"stream":"me"}]')
  assert.equal((await socket.ack(9999)).ok, true)
  socket.close()
})

test('WS10 No packet, however malformed, ends more than its own connection', async () => {
  const person = await signedInPerson(app)
  const bystander = await socketClient(person, app)
  for (const [name, attack] of Object.entries(brokenPackets)) {
    const socket = await rawSocket(app.port, person)
    attack(socket)
    await answeredOrEnded(socket, name)
    socket.close()
    await bystander.done('follow', { stream: 'me' })
  }
  bystander.close()
  await eventually(() => app.context.sockets.size === 0)
})

test('WS9 A clever name or key does nothing to anybody’s objects', async () => {
  const person = await signedInPerson(app)
  const socket = await rawSocket(app.port, person)
  for (const event of [
    '["follow",{"stream":"me","__proto__":{"polluted":true}}]',
    '["follow",{"stream":"me","constructor":{"prototype":{"polluted":true}}}]',
    '["__proto__",{"polluted":true}]',
  ]) {
    socket.send(`420${event}`)
    await socket.ack(0)
  }
  assert.equal(Reflect.get({}, 'polluted'), undefined)
  socket.close()
})

/** The connection has ended, or still responds to well-formed packets. */
async function answeredOrEnded(socket: Awaited<ReturnType<typeof rawSocket>>, name: string): Promise<void> {
  if (socket.isOpen()) socket.send('425["unfollow",{"stream":"me"}]')
  const until = performance.now() + 5_000
  await eventually(() => {
    assert.ok(performance.now() < until, `${name}: neither answered nor ended`)
    return !socket.isOpen() || socket.texts.some((text) => text.startsWith('435['))
  })
}
