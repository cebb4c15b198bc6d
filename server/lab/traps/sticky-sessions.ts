import { createServer, request } from 'node:http'
import type { Socket } from 'node:net'
import { Server } from 'socket.io'
import { io, type ManagerOptions } from 'socket.io-client'
import { passUpgrade } from '#server/lab/network/buffering-proxy.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { serve, type Trap } from './trap.ts'

const clients = 6

/** Two nodes of Socket.IO behind a balancer that gives each request to the next one. */
export const trap: Trap = {
  async run(signal) {
    return {
      trap: 'sticky-sessions',
      failing: await armOf(
        'The default: a polling handshake',
        { transports: ['polling', 'websocket'] },
        signal,
      ),
      working: await armOf('WebSocket only', { transports: ['websocket'] }, signal),
    }
  },
}

async function armOf(title: string, options: Partial<ManagerOptions>, signal: AbortSignal): Promise<TrapArm> {
  await using opened = new AsyncDisposableStack()
  const nodes = [await openNode(), await openNode()]
  for (const node of nodes) opened.defer(() => node.close())
  const balancer = opened.use(await openBalancer(nodes.map(({ port }) => port)))

  let connected = 0
  const reasons = new Set<string>()
  for (let n = 0; n < clients && !signal.aborted; n += 1) {
    const socket = io(balancer.url, { ...options, forceNew: true, reconnection: false, timeout: 3_000 })
    const end = await new Promise<string | undefined>((resolve) => {
      socket.once('connect', () => setTimeout(resolve, 100))
      socket.once('connect_error', ({ message }) => resolve(message))
      socket.once('disconnect', resolve)
    })
    if (end === undefined && socket.connected) connected += 1
    else if (end !== undefined) reasons.add(end)
    socket.disconnect()
  }
  const unknown = balancer.refusals()
  return {
    title,
    fell: connected < clients,
    seen: [
      `${connected} of ${clients} clients were connected.`,
      unknown.length > 0
        ? `The second node didn’t know the handshake: ${unknown.length} requests got a 400, “${unknown[0]}”.`
        : 'A connection is a single request: the node that accepts it keeps it.',
      ...(reasons.size > 0 ? [`The client sees “${[...reasons].join('”, “')}”.`] : []),
    ],
  }
}

async function openNode() {
  const http = createServer()
  const server = new Server(http, { pingInterval: 10_000 })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { port, close: async () => void (await server.close()) }
}

/** Gives each request to the next node in turn, and keeps what was refused with 400. */
async function openBalancer(ports: number[]) {
  const refusals: string[] = []
  const upgraded = new Set<Socket>()
  let turn = 0
  const next = () => ports[turn++ % ports.length] ?? 0
  const served = await serve((near, response) => {
    const { method, url: path, headers } = near
    const far = request({ host: '127.0.0.1', port: next(), method, path, headers }, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      let text = ''
      for await (const chunk of answer) {
        text += chunk
        response.write(chunk)
      }
      response.end()
      if (answer.statusCode === 400) refusals.push(JSON.parse(text).message)
    })
    far.once('error', () => response.destroy())
    response.once('close', () => far.destroy())
    near.pipe(far)
  })
  served.server.on('upgrade', ({ url, headers }, near: Socket, head) => {
    upgraded.add(near)
    passUpgrade(next(), { url, headers, near, head })
  })
  return {
    ...served,
    refusals: () => refusals,
    async [Symbol.asyncDispose]() {
      for (const socket of upgraded) socket.destroy()
      await served[Symbol.asyncDispose]()
    },
  }
}
