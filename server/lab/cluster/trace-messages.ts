import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { io } from 'socket.io-client'
import type { ClusterNode } from '#server/cluster/cluster-node.ts'
import { clients } from '#server/lab/clients/clients.ts'
import type { Hops } from '#server/lab/testbed/hear-hops.ts'
import type { Testbed } from '#server/lab/testbed/testbed.ts'
import type { MessageTrace } from '#server/protocol/lab-cluster.ts'
import type { Ack } from '#server/protocol/socket.ts'

type Parts = { testbed: Testbed; hops: Hops; nodes(): readonly ClusterNode[] }

export type Tracer = {
  /** Sends a message over HTTP to one who follows the room, both through the entrance. Throws when it does not arrive. */
  throughEntrance(): Promise<MessageTrace>
  /** Sends one over a WebSocket at one gateway to a reader at another. */
  between(sender: ClusterNode, receiver: ClusterNode): Promise<MessageTrace>
  close(): void
}

const arrivesWithinMs = 5_000
const lookEveryMs = 10
/** What passed in another process is told by a datagram, which may come a little after the message itself. */
const toldWithinMs = 200

/** Two people in a room of the cluster, whose messages are followed from process to process. */
export async function openTracer({ testbed, hops, nodes }: Parts): Promise<Tracer> {
  const [writer, reader] = [await testbed.person(), await testbed.person()]
  const { port } = testbed.gateways.sse
  const at = (path: string) => `http://127.0.0.1:${port}/api/rooms${path}`
  const { id: roomId } = await sendJson<{ id: string }>('POST', at(''), writer.cookie, {
    ...{ name: 'Traced', visibility: 'public' },
  })
  await sendJson('PUT', at(`/${roomId}/membership`), reader.cookie)
  const atEntrance = follow(port, reader.cookie, roomId)
  let last: Promise<unknown> = Promise.resolve()
  /** One at a time: a frame is that of whoever alone follows the room there. */
  const inTurn = (work: () => Promise<MessageTrace>): Promise<MessageTrace> => {
    const done = last.then(work, work)
    last = done.catch(() => undefined)
    return done
  }

  async function trace(kind: MessageTrace['kind'], arrived: Arrivals, send: Send, receiver?: ClusterNode) {
    const sentAt = wallMs()
    const seq = await send({ clientId: randomBytes(12).toString('hex'), body: 'Traced' })
    const receivedAt = await within(arrivesWithinMs, () => arrived.get(seq))
    if (receivedAt === undefined) throw new Error('A traced message did not arrive')
    const gatewayOf = () => receiver?.pid() ?? hops.of(seq).find(({ hop }) => hop === 'framed')?.pid
    await within(toldWithinMs, () => hops.of(seq).find((each) => each.hop === 'framed'))
    const passed = hops.of(seq).filter(({ hop, pid }) => beforeGateway.has(hop) || pid === gatewayOf())
    const nameOf = (pid: number) =>
      nodes().find((node) => node.pid() === pid)?.name ?? 'a node that has ended'
    const steps = [...new Map(passed.toReversed().map((each) => [each.hop, each])).values()]
      .toSorted((a, b) => a.atMs - b.atMs)
      .map(({ hop, pid, atMs }) => ({ step: hop, at: nameOf(pid), ms: atMs - sentAt }))
    return { kind, steps, receivedMs: receivedAt - sentAt } satisfies MessageTrace
  }

  return {
    throughEntrance: () =>
      inTurn(() =>
        trace('entrance', atEntrance.arrived, async (draft) => {
          const url = at(`/${roomId}/messages`)
          return (await sendJson<{ seq: number }>('POST', url, writer.cookie, draft)).seq
        }),
      ),
    between: (sender, receiver) => inTurn(() => sendBetween(sender, receiver)),
    close: atEntrance.close,
  }

  async function sendBetween(sender: ClusterNode, receiver: ClusterNode) {
    const socket = io(`http://127.0.0.1:${sender.port}`, {
      ...{ transports: ['websocket'], reconnection: false, forceNew: true },
      extraHeaders: { cookie: writer.cookie },
    })
    const there = follow(receiver.port, reader.cookie, roomId)
    try {
      await there.isOpen
      return await trace(
        'between',
        there.arrived,
        async (draft) => {
          const ack = (await socket
            .timeout(arrivesWithinMs)
            .emitWithAck('chat:send', { roomId, ...draft })) as Ack<'chat:send'>
          if (!ack.ok) throw new Error(`The message was refused: ${JSON.stringify(ack)}`)
          return ack.seq
        },
        receiver,
      )
    } finally {
      there.close()
      socket.disconnect()
    }
  }
}

type Arrivals = ReadonlyMap<number, number>
type Send = (draft: { clientId: string; body: string }) => Promise<number>

const beforeGateway = new Set(['committed', 'produced'])

/** By the wall clock, with a fraction: every process of this machine has the same. */
const wallMs = () => performance.timeOrigin + performance.now()

/** Notes when the entries of a room arrive over SSE. */
function follow(port: number, cookie: string, roomId: string) {
  const arrived = new Map<number, number>()
  const open = Promise.withResolvers<void>()
  const client = clients.sse({ port, cookie, stream: `room:${roomId}`, letIn: open.resolve }, (heard) => {
    if (heard.type === 'entry') arrived.set(heard.entry.seq, wallMs())
  })
  return { arrived, isOpen: open.promise, close: client.close }
}

async function within<T>(ms: number, look: () => T | undefined): Promise<T | undefined> {
  const deadline = performance.now() + ms
  for (let found = look(); ; found = look()) {
    if (found !== undefined || performance.now() > deadline) return found
    await pause(lookEveryMs)
  }
}

async function sendJson<T>(method: 'POST' | 'PUT', url: string, cookie: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(arrivesWithinMs),
  })
  if (!response.ok) throw new Error(`"${url}" answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
