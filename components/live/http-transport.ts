import type { WireMessage, WireRoomRead } from '#server/protocol/chat.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { WireInstrument, WireOrder, WireTick, WireTicks } from '#server/protocol/trading.ts'
import type { ClientOptions } from './clients/client.ts'
import { eventStream } from './clients/event-stream.ts'
import { shortPoll } from './clients/short-poll.ts'
import { within } from './clock.ts'
import { keepConnected } from './keep-connected.ts'
import { type Fetch, request, type Wire } from './request.ts'
import { type Sent, sendJson } from './send-json.ts'
import { serverLagMs } from './server-clock.ts'
import type { Following, Transport } from './transport.ts'

/** The poll interval for a stream in the background, in ms, give or take a tenth. */
const backgroundEveryMs = 15_000

type Options = Omit<ClientOptions, 'signal'> & {
  /** Whether the server responds. */
  reachable(): void
  unreachable(nextTryAtMs: number | undefined): void
  signedOut(problem?: Problem): void
  ticks(event: WireTicks): void
}

/**
 * Does without a socket what a socket does: streams by Server-Sent Events, or by occasional polls in the background,
 * commands as requests, prices by polling.
 */
export function httpTransport(options: Options): Transport {
  const { fetch, clock } = options
  const over = new AbortController()
  const served = new Map<Following, AbortController>()
  const watched = new Set<string>()
  let prices = new AbortController()

  function follow(following: Following) {
    served.get(following)?.abort()
    const own = new AbortController()
    served.set(following, own)
    const signal = AbortSignal.any([over.signal, own.signal])
    void serve(following, { ...options, signal })
  }

  function watch(symbols: readonly string[]): Promise<WireTicks | undefined> {
    for (const symbol of symbols) watched.add(symbol)
    prices.abort()
    const own = new AbortController()
    prices = own
    const signal = AbortSignal.any([over.signal, own.signal])
    return new Promise((resolve) => {
      let first = true
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
      void pollPrices(
        () => watched,
        { fetch, clock },
        signal,
        (event) => {
          if (first) resolve(event)
          else options.ticks(event)
          first = false
        },
      )
    })
  }

  function unwatch(symbols: readonly string[] = [...watched]) {
    for (const symbol of symbols) watched.delete(symbol)
    if (watched.size === 0) prices.abort()
  }

  async function answerTo(name: CommandName, command: Command<CommandName>): Promise<Sent<object>> {
    switch (name) {
      case 'prices:watch': {
        const snapshot = await watch((command as Command<'prices:watch'>).symbols)
        return snapshot ? done({ snapshot }) : { state: 'unanswered' }
      }
      case 'prices:unwatch':
        unwatch((command as Command<'prices:unwatch'>).symbols)
    }
    // Typing only matters now: without a socket it is not sent.
    return done({})
  }

  return {
    follow,
    lighten: follow,
    unfollow(following) {
      served.get(following)?.abort()
      served.delete(following)
    },
    async send<Name extends CommandName>(name: Name, command: Command<Name>, timeoutMs: number) {
      if (!isRequest(name)) return (await answerTo(name, command)) as Sent<CommandResults[Name]>
      if (over.signal.aborted) return { state: 'unanswered' }
      const late = new AbortController()
      const patient: typeof fetch = (url, init) => fetch(url, { ...init, signal: late.signal })
      const sent = sendOverHttp(patient, name, command) as Promise<Sent<CommandResults[Name]>>
      const answer = await within(sent, timeoutMs, clock, over.signal)
      // A request still under way when the transport ends may yet arrive; retrying with the same key finds out.
      if (answer === 'quiet' && !over.signal.aborted) late.abort()
      return answer === 'quiet' ? { state: 'unanswered' } : answer
    },
    end: () => over.abort(),
  }
}

function done(value: object): Sent<object> {
  return { state: 'done', value, replayed: false }
}

/** The commands that have an HTTP equivalent; following and watching work differently there. */
type RequestCommand = 'chat:send' | 'chat:read' | 'order:place' | 'order:cancel'

/** A command as a request, and its response as the command's result. */
type Request<Result> = {
  method?: 'POST' | 'DELETE'
  url: string
  body?: object
  key?: string
  result: (answer: never) => Result
}

const requests: { [Name in RequestCommand]: (command: Command<Name>) => Request<CommandResults[Name]> } = {
  'chat:send': ({ roomId, ...draft }) => ({
    url: `/api/rooms/${roomId}/messages`,
    body: draft,
    result: (message: WireMessage) => ({ seq: message.seq, message }),
  }),
  'chat:read': ({ roomId, upTo }) => ({
    url: `/api/rooms/${roomId}/read`,
    body: { upTo },
    result: (read: WireRoomRead) => read,
  }),
  'order:place': ({ clientOrderId, ...ticket }) => ({
    url: '/api/orders',
    body: ticket,
    key: clientOrderId,
    result: (order: WireOrder) => ({ id: order.id, status: order.status, order }),
  }),
  'order:cancel': ({ orderId }) => ({
    method: 'DELETE',
    url: `/api/orders/${orderId}`,
    result: (order: WireOrder) => ({ order }),
  }),
}

/** Whether a command has an HTTP equivalent. */
function isRequest(name: CommandName): name is RequestCommand {
  return name in requests
}

/** Sends a command once, as its HTTP equivalent. Never rejects. */
async function sendOverHttp(
  fetch: Fetch,
  name: RequestCommand,
  command: Command<CommandName>,
): Promise<Sent<object>> {
  const requestOf = requests[name] as (command: Command<CommandName>) => Request<object>
  const { method, url, body, key, result } = requestOf(command)
  const sent = await sendJson<never>(fetch, url, body, key, method)
  return sent.state === 'done' ? { ...sent, value: result(sent.value) } : sent
}

const everyMs = 2_000

/**
 * Polls all prices every 2 s until `signal` aborts, and delivers those of `symbols` as ticks: first all of them, then
 * only the changes.
 */
async function pollPrices(
  symbols: () => ReadonlySet<string>,
  wire: Wire,
  signal: AbortSignal,
  hear: (event: WireTicks) => void,
): Promise<void> {
  const known = new Map<string, string>()
  let etag: string | undefined
  while (!signal.aborted) {
    const answer = await request<WireInstrument[]>({ url: '/api/instruments', etag }, 0, wire, signal)
    if (signal.aborted) return
    if (answer.type === 'changed') {
      etag = answer.etag
      const ticks = answer.value.map(tickOf).filter((tick) => symbols().has(tick[0]) && isNew(tick))
      if (ticks.length > 0) hear({ at: new Date(wire.clock.now() - serverLagMs()).toISOString(), ticks })
    }
    await wire.clock.sleep(everyMs, signal)
  }

  function isNew(tick: WireTick): boolean {
    const [symbol] = tick
    const text = tick.join()
    if (known.get(symbol) === text) return false
    known.set(symbol, text)
    return true
  }
}

function tickOf({ symbol, bidMinor, askMinor, lastMinor, size }: WireInstrument): WireTick {
  return [symbol, bidMinor, askMinor, lastMinor, size]
}

/** Follows a stream over HTTP until `signal` aborts, and delivers it to its readers. */
async function serve(following: Following, options: Options & { signal: AbortSignal }): Promise<void> {
  const { signal, random = Math.random } = options
  const subject = { name: following.name, after: following.after() }
  const everyMs = () => backgroundEveryMs * (0.9 + random() * 0.2)
  const client = following.background ? shortPoll : eventStream
  let isPlaced = subject.after !== 'now'
  following.begin(subject.after, subject.after)
  for await (const step of keepConnected(client, subject, { ...options, everyMs })) {
    if (signal.aborted) return
    switch (step.type) {
      case 'ready':
        options.reachable()
        following.begin(step.cursor, step.head)
        break
      case 'entries':
        following.take({ entries: step.entries, through: step.cursor }, step.live ? 0 : undefined)
        break
      case 'not-modified':
        options.reachable()
        if (step.cursor && !isPlaced) following.begin(step.cursor, step.cursor)
        isPlaced = true
        break
      case 'reset':
        following.reset(step.head, step.reason)
        break
      case 'failed':
        if (!step.problem) options.unreachable(step.nextTryAtMs)
        break
      case 'signed-out':
        return options.signedOut(step.problem)
      case 'refused':
        return following.end(step.problem)
    }
  }
}
