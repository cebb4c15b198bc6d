import type { WireMessage, WireRoomRead } from '#server/protocol/chat.ts'
import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { WireInstrument, WireOrder, WireTick, WireTicks } from '#server/protocol/trading.ts'
import type { StreamOptions } from './clients/client.ts'
import { pollFollowing, type WayThere } from './poll-following.ts'
import { type Fetch, request, type Wire } from './request.ts'
import { type Sent, sendJson } from './send-json.ts'
import { serverLagMs } from './server-clock.ts'
import { stream } from './stream-loop.ts'
import type { Following, Transport } from './transport.ts'

type Options = Omit<StreamOptions, 'signal'> & WayThere & { ticks(event: WireTicks): void }

/**
 * What a socket does, without one: streams by Server-Sent Events, those in the background by a poll now and then,
 * commands as requests, prices by a poll.
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
    void (following.background ? pollFollowing : streamFollowing)(following, { ...options, signal })
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
    // Typing is for those who are there now: without a socket nobody is told.
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
      const answered = new AbortController()
      const late = new AbortController()
      void clock.sleep(timeoutMs, answered.signal).then(() => late.abort())
      const patient: typeof fetch = (url, init) => fetch(url, { ...init, signal: late.signal })
      try {
        return (await sendOverHttp(patient, name, command)) as Sent<CommandResults[Name]>
      } finally {
        answered.abort()
      }
    },
    end: () => over.abort(),
  }
}

function done(value: object): Sent<object> {
  return { state: 'done', value, replayed: false }
}

/** The commands that are requests over HTTP; following and watching are something else there. */
type RequestCommand = 'chat:send' | 'chat:read' | 'order:place' | 'order:cancel'

/** A command as a request, and its answer as the command's result. */
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

/** Whether a command is one of them. */
function isRequest(name: CommandName): name is RequestCommand {
  return name in requests
}

/** Sends a command as the request that does the same, once. Never rejects. */
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
 * Asks for all prices every 2 s, until `signal` aborts, and gives those of `symbols` as ticks: first all of them, then
 * what has changed.
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

/** Follows a stream over Server-Sent Events, until `signal` aborts, and gives what comes to its readers. */
async function streamFollowing(following: Following, options: StreamOptions & WayThere): Promise<void> {
  const { signal } = options
  const after = following.after()
  following.begin(after, after)
  for await (const step of stream({ name: following.name, after }, options)) {
    if (signal.aborted) return
    switch (step.type) {
      case 'ready':
        options.reachable()
        following.begin(step.cursor, step.head)
        break
      case 'entries':
        following.take({ entries: step.entries, through: step.cursor }, step.live ? 0 : undefined)
        break
      case 'reset':
        following.reset(step.head)
        break
      case 'polled':
        options.reachable()
        break
      case 'failed':
        if (!step.problem) options.unreachable(step.nextAskAtMs)
        break
      case 'signed-out':
        return options.signedOut(step.problem)
      case 'refused':
        return following.end(step.problem)
    }
  }
}
