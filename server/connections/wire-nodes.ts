import { z } from 'zod'
import { type Backplane, isSendable } from '#server/backplane/backplane.ts'
import type { WireExchange, WireExchanges } from '#server/protocol/exchanges.ts'
import { parseMessage } from './parse-message.ts'

/** What all nodes have counted for a session. */
export type WireNodes = {
  /** The exchanges of a session on all nodes, newest first, and the nodes that did not respond within 300 ms. */
  gather(sessionId: string): Promise<WireExchanges>
  close(): void
}

type Options = {
  /** Whether this process serves clients: one that does not has counted nothing, and need not be waited for. */
  servesClients: boolean
  /** What the others call this node when it does not respond. */
  name: string
  exchangesOf(sessionId: string): WireExchange[]
}

const answerWithinMs = 300
const beatMs = 2_000
/**
 * After this long without a message, a node is no longer expected to respond: it is gone, and was listed as silent
 * meanwhile.
 */
const forgottenAfterMs = 6_000
const channel = 'wire'
const answersOf = (node: string) => `wire:${node}`

/** Further nodes are ignored: anyone who can reach the backplane's engine can make them up. */
const mostOthers = 256

const id = z.string().max(64)
const messageSchema = z.discriminatedUnion('type', [
  // A host name of at most 253 characters, and a port.
  z.object({ type: z.literal('here'), node: id, name: z.string().max(260) }),
  z.object({ type: z.literal('gone'), node: id }),
  z.object({ type: z.literal('ask'), node: id, ask: id, sessionId: id }),
])
const exchangeSchema = z.looseObject({ requestId: z.string(), at: z.iso.datetime() })
const answerSchema = z.object({ node: id, ask: id, exchanges: z.array(exchangeSchema) })

type Ask = { left: Set<string>; found: WireExchange[]; done(): void }

/**
 * Queries the other nodes over the backplane. They are known by their heartbeats, on this node's own monotonic clock; a
 * new node receives theirs in response to its own. A node that knows of no other sends none, because over Postgres each
 * is a statement: it announces itself when it starts, when the backplane is back, and when the wire is requested.
 */
export function createWireNodes(
  backplane: Pick<Backplane, 'publish' | 'subscribe' | 'onReconnect'>,
  { servesClients, name, exchangesOf }: Options,
): WireNodes {
  const node = crypto.randomUUID().slice(0, 8)
  const others = new Map<string, { name: string; heardAt: number }>()
  const asks = new Map<string, Ask>()
  const say = (message: z.infer<typeof messageSchema>) => backplane.publish(channel, JSON.stringify(message))
  const beat = () => say({ type: 'here', node, name })
  const leaving = !servesClients
    ? []
    : [
        backplane.subscribe(channel, (text) => hear(parseMessage(messageSchema, text))),
        backplane.subscribe(answersOf(node), (text) => take(parseMessage(answerSchema, text))),
      ]
  const beating = servesClients
    ? setInterval(() => void (present().length > 0 && beat()), beatMs).unref()
    : undefined
  if (servesClients) {
    void Promise.all(leaving).then(beat)
    backplane.onReconnect(beat)
  }

  function hear(message: z.infer<typeof messageSchema> | undefined) {
    switch (message?.type) {
      case 'here': {
        const isNew = !others.has(message.node)
        if (isNew && present().length >= mostOthers) return
        others.set(message.node, { name: message.name, heardAt: performance.now() })
        if (isNew) beat()
        return
      }
      case 'gone':
        others.delete(message.node)
        return
      case 'ask':
        answer(message.node, message.ask, exchangesOf(message.sessionId))
    }
  }

  /** Sends as many of the newest as fit into one message. */
  function answer(to: string, ask: string, exchanges: WireExchange[]) {
    const message = JSON.stringify({ node, ask, exchanges })
    if (isSendable(answersOf(to), message)) backplane.publish(answersOf(to), message)
    else if (exchanges.length > 0) answer(to, ask, exchanges.slice(0, Math.floor(exchanges.length / 2)))
  }

  function take(answer: z.infer<typeof answerSchema> | undefined) {
    const ask = answer && asks.get(answer.ask)
    if (!answer || !ask?.left.delete(answer.node)) return
    ask.found.push(...(answer.exchanges as unknown as WireExchange[]))
    if (ask.left.size === 0) ask.done()
  }

  /** The nodes that should respond, without those that said goodbye or have been silent for long. */
  function present(): string[] {
    const oldest = performance.now() - forgottenAfterMs
    for (const [other, { heardAt }] of others) if (heardAt < oldest) others.delete(other)
    return [...others.keys()]
  }

  return {
    async gather(sessionId) {
      const left = new Set(present())
      const found = exchangesOf(sessionId)
      if (left.size === 0) {
        if (servesClients) beat()
        return { exchanges: found, silent: [] }
      }
      const id = crypto.randomUUID().slice(0, 8)
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, answerWithinMs)
        const done = () => {
          clearTimeout(late)
          resolve()
        }
        asks.set(id, { left, found, done })
        say({ type: 'ask', node, ask: id, sessionId })
      })
      asks.delete(id)
      const silent = [...left].map((other) => others.get(other)?.name ?? other).sort()
      return { exchanges: newestFirst(found), silent }
    },
    close() {
      clearInterval(beating)
      if (servesClients) say({ type: 'gone', node })
      for (const left of leaving) void left.then((leave) => leave())
    },
  }
}

/** Open exchanges first, then the newest, as each node orders them. */
function newestFirst(exchanges: WireExchange[]): WireExchange[] {
  const open = (exchange: WireExchange) => (exchange.open ? 1 : 0)
  return exchanges.toSorted((a, b) => open(b) - open(a) || Date.parse(b.at) - Date.parse(a.at))
}
