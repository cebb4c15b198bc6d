import type { TestContext } from 'node:test'
import { eventually } from './eventually.ts'
import type { Person } from './person.ts'
import { type SocketClient, socketClient } from './socket-client.ts'

/** A connection of this person to a node, following the room. */
export async function inRoom(
  t: Pick<TestContext, 'after'>,
  person: Person,
  roomId: string,
  node: { port: number },
): Promise<SocketClient> {
  const socket = await socketClient(person, node)
  t.after(socket.close)
  await socket.done('follow', { stream: `room:${roomId}`, after: 'now' })
  return socket
}

/** Five seconds, as WS7 promises, plus one for a busy machine. */
const soonMs = 6_000

/** Waits until the connection's presence lists exactly these people. */
export async function areHere(
  socket: SocketClient,
  people: readonly Person[],
  withinMs = soonMs,
): Promise<void> {
  const ids = people.map(({ id }) => id).sort()
  await eventually(() => socket.all('presence').at(-1)?.here.join() === ids.join(), { withinMs })
}
