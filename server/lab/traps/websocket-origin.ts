import type { IncomingMessage } from 'node:http'
import { Server } from 'socket.io'
import { WebSocket } from 'ws'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const ours = 'http://app.example'
const foreign = 'http://somebody-else.example'
const path = '/socket.io/?EIO=4&transport=websocket'

/** A page of another site opens a socket in the browser of somebody who is signed in here. */
export const trap: Trap = {
  async run() {
    return { trap: 'websocket-origin', failing: await corsOnly(), working: await judgedBeforeUpgrade() }
  },
}

/** The server lists its own origin under `cors`, and assumes that this keeps others out. */
async function corsOnly(): Promise<TrapArm> {
  await using served = await serve((_, response) => response.writeHead(404).end())
  const server = new Server(served.server, { cors: { origin: ours } })
  server.on('connection', (socket) => {
    const { cookie } = socket.request.headers
    if (cookie === 'session=ada') socket.emit('account', 'Ada, balance 1,200.00')
  })
  const { status, heard } = await openSocket(served.port, foreign, 'session=ada')
  await server.close()
  return {
    title: 'Socket.IO with cors',
    fell: status === 101,
    seen: [
      `A handshake with Ada’s cookie and Origin ${foreign} got status ${status}.`,
      heard === undefined ? 'It received nothing.' : `The foreign page then received: ${heard}.`,
    ],
  }
}

/** A gateway of this app checks Origin before anything else. */
async function judgedBeforeUpgrade(): Promise<TrapArm> {
  const testbed = await openTestbed({ runId: 'trap', lanes: ['socket'], trustedOrigins: [ours] })
  try {
    const { cookie } = await testbed.person()
    const { port } = testbed.gateways.socket
    const stranger = await openSocket(port, foreign, cookie)
    const own = await openSocket(port, ours, cookie)
    return {
      title: 'A gateway of this app',
      fell: stranger.status === 101,
      seen: [
        `The same handshake got status ${stranger.status}, before Socket.IO saw it.`,
        `The app’s own page, with the same cookie, got status ${own.status}.`,
      ],
    }
  } finally {
    await testbed.close()
  }
}

/** The status of a handshake, and the first event after it, if any. */
async function openSocket(port: number, origin: string, cookie: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin, headers: { cookie } })
  socket.on('error', () => undefined)
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_, answer: IncomingMessage) => resolve(answer.statusCode ?? 0))
  })
  if (status !== 101) {
    socket.terminate()
    return { status, heard: undefined }
  }
  socket.send('40')
  const heard = await firstEvent(socket)
  socket.close()
  return { status, heard }
}

/** The first event's data; undefined when none arrives soon. */
async function firstEvent(socket: WebSocket): Promise<string | undefined> {
  const late = AbortSignal.timeout(500)
  return new Promise((resolve) => {
    late.addEventListener('abort', () => resolve(undefined))
    socket.on('message', (packet) => {
      if (String(packet).startsWith('42')) resolve(JSON.parse(String(packet).slice(2))[1])
    })
  })
}
