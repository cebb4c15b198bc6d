import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { io, type ManagerOptions } from 'socket.io-client'
import { startBalancer } from '#server/cluster/balancer.ts'
import { freePort } from '#server/database/ports.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { startClusterNodes } from '#server/lab/testbed/cluster-nodes.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import type { Trap } from './trap.ts'

const clients = 6

/** Two nodes behind HAProxy, which routes each request to the one with fewer connections. */
export const trap: Trap = {
  missing: haproxyPath ? undefined : 'HAProxy isn’t installed on this machine',
  async run(signal) {
    return {
      trap: 'sticky-sessions',
      failing: await behindBalancer({ transports: ['polling', 'websocket'] }, signal),
      working: await onOurCluster({ transports: ['websocket'] }, signal),
    }
  },
}

/** Socket.IO with its default options. */
async function behindBalancer(options: Partial<ManagerOptions>, signal: AbortSignal): Promise<TrapArm> {
  await using opened = new AsyncDisposableStack()
  const refusals: string[] = []
  const nodes = [await openNode(refusals), await openNode(refusals)]
  for (const node of nodes) opened.defer(() => node.close())
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const balancer = await startBalancer({
    ...{ host: '127.0.0.1', port, baseUrl: url },
    servers: {
      gateways: new Map(nodes.map((node, nth) => [`gateway-${nth + 1}`, node.port])),
      webs: new Map(),
    },
  })
  opened.defer(balancer.destroy)
  const { connected, reasons } = await connectAll(url, options, signal)
  return {
    title: 'The default: a polling handshake',
    fell: connected < clients,
    seen: [
      `${connected} of ${clients} clients were connected.`,
      refusals.length > 0
        ? `The second node didn’t know the handshake: ${refusals.length} requests got a 400, “${refusals[0]}”.`
        : 'Every request happened to reach the node that knew it.',
      ...(reasons.length > 0 ? [`The client sees “${reasons.join('”, “')}”.`] : []),
    ],
  }
}

/** Two gateways of this app behind the same balancer. */
async function onOurCluster(options: Partial<ManagerOptions>, signal: AbortSignal): Promise<TrapArm> {
  const testbed = await openTestbed({
    runId: 'trap',
    startNodes: (databaseUrl) => startClusterNodes(databaseUrl, { gateways: 2, engines: [] }),
  })
  try {
    const { cookie } = await testbed.person()
    const url = `http://127.0.0.1:${testbed.gateways.socket.port}`
    const { connected, reasons } = await connectAll(url, { ...options, extraHeaders: { cookie } }, signal)
    return {
      title: 'WebSocket only',
      fell: connected < clients,
      seen: [
        `${connected} of ${clients} clients were connected, to two gateways without sticky sessions.`,
        'A connection is a single request: the node that accepts it keeps it.',
        ...(reasons.length > 0 ? [`The client sees “${reasons.join('”, “')}”.`] : []),
      ],
    }
  } finally {
    await testbed.close()
  }
}

/** How many were admitted and stayed, connecting one after the other, and the errors of the others. */
async function connectAll(url: string, options: Partial<ManagerOptions>, signal: AbortSignal) {
  const reasons = new Set<string>()
  let connected = 0
  for (let n = 0; n < clients && !signal.aborted; n += 1) {
    const socket = io(url, { ...options, forceNew: true, reconnection: false, timeout: 5_000 })
    const end = await new Promise<string | undefined>((resolve) => {
      socket.once('connect', () => setTimeout(resolve, 100))
      socket.once('connect_error', ({ message }) => resolve(message))
      socket.once('disconnect', resolve)
    })
    if (end === undefined && socket.connected) connected += 1
    else if (end !== undefined) reasons.add(end)
    socket.disconnect()
  }
  return { connected, reasons: [...reasons] }
}

async function openNode(refusals: string[]) {
  // The balancer checks whether each node is ready.
  const http = createServer((_, response) => void response.end())
  const server = new Server(http, { pingInterval: 10_000 })
  server.engine.on('connection_error', ({ message }: { message: string }) => void refusals.push(message))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { port, close: async () => void (await server.close()) }
}
