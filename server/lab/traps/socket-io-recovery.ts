import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { freePort } from '#server/database/ports.ts'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import type { Trap } from './trap.ts'

/** A client whose session ends while its connection is cut, and one whose server is killed. */
export const trap: Trap = {
  async run() {
    return { trap: 'socket-io-recovery', failing: await recoveredState(), working: await resumedCursor() }
  },
}

const transports = ['websocket']
const soon = { reconnectionDelay: 100, reconnectionDelayMax: 200 }

/** Leaves the client's position to the server's memory, and its identity to the first handshake. */
async function recoveredState(): Promise<TrapArm> {
  const port = await freePort()
  const launch = (firstWord: string) =>
    launchChild({
      file: 'server/lab/traps/recovering-server.ts',
      args: [String(port), firstWord],
      readyText: 'recovering server listens',
    })
  let child = await launch('zero')
  const url = `http://127.0.0.1:${port}`
  const socket = io(url, { transports, ...soon, forceNew: true, auth: { session: 'ada' } })
  const news: string[] = []
  socket.on('news', (text) => news.push(text))
  try {
    await next<Hello>(socket, 'hello')
    await order(child, { say: 'one' })
    await order(child, { end: 'ada' })
    const back = next<Hello>(socket, 'hello')
    socket.io.engine.close()
    const cut = await back

    await endChild(child, 'SIGKILL')
    child = await launch('two')
    if (!socket.connected) await next<Hello>(socket, 'hello')
    const recovered = socket.recovered
    await order(child, { say: 'three' })
    await untilHolds(socket, () => news.includes('three'))
    return {
      title: 'Connection state recovery',
      fell: cut.recovered && !news.includes('two'),
      seen: [
        `The session ended while the connection was down. The client got back in anyway: recovered, and the check ran ${times(cut.checks)}.`,
        `The process was killed and restarted. Recovered: ${recovered ? 'yes' : 'no'}.`,
        `“one”, “two” and “three” were sent; the client received “${news.join('” and “')}”.`,
      ],
    }
  } finally {
    socket.disconnect()
    await endChild(child, 'SIGKILL')
  }
}

/** The client knows its position, the log has the rest, and the session is checked on every connect. */
async function resumedCursor(): Promise<TrapArm> {
  const testbed = await openTestbed({ runId: 'trap', lanes: ['socket'] })
  const { gateways, writer, stream } = testbed
  const { cookie } = await testbed.person()
  const url = `http://127.0.0.1:${gateways.socket.port}`
  const socket = io(url, { transports, ...soon, forceNew: true, extraHeaders: { cookie } })
  const seqs: number[] = []
  let after: string | undefined
  socket.on('connect', () => socket.emit('follow', { stream, after }, () => undefined))
  socket.on('entries', (page: { entries: { seq: number }[]; next: string }) => {
    seqs.push(...page.entries.map(({ seq }) => seq))
    after = page.next
  })
  try {
    await writer.say(1)
    await untilHolds(socket, () => seqs.length === 1)
    await gateways.socket.end('SIGKILL')
    await writer.say(2)
    await gateways.socket.start()
    await untilHolds(socket, () => seqs.length === 3)

    socket.once('disconnect', () => socket.connect())
    const refused = next<Refusal>(socket, 'connect_error')
    await signOut(url, cookie)
    const error = await refused
    const why = error.description?.message ?? error.message
    return {
      title: 'A client-side cursor and a log',
      fell: seqs.join() !== '1,2,3' || !why.includes('401'),
      seen: [
        'The gateway was killed after entry 1; 2 and 3 were written while it was gone.',
        `The client came back with its cursor and has ${seqs.join(', ')}.`,
        `The session ended, and the connection with it; the next handshake was refused with “${why}”.`,
      ],
    }
  } finally {
    socket.disconnect()
    await testbed.close()
  }
}

type Hello = { recovered: boolean; checks: number }
/** The error of a failed handshake; the transport's own message is in `description`. */
type Refusal = Error & { description?: { message: string } }

/** Resolves with the next event of this name. */
function next<Told>(socket: Socket, event: string): Promise<Told> {
  return new Promise((resolve) => socket.once(event, resolve))
}

async function signOut(url: string, cookie: string): Promise<void> {
  const headers = { cookie, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
  if (!answer.ok) throw new Error(`Cannot sign out: status ${answer.status}`)
}

async function order(child: ChildProcess, message: { say: string } | { end: string }): Promise<void> {
  const done = once(child, 'message')
  child.send(message)
  await done
}

/** Resolves once `holds()`, checked after every event. */
async function untilHolds(socket: Socket, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((resolve) => {
      const heard = () => {
        socket.offAny(heard)
        resolve()
      }
      socket.onAny(heard)
    })
  }
}

const times = (count: number) => (count === 1 ? 'once, at the first handshake' : `${count} times`)
