import { NodeWebSocket, type WebSocket } from 'socket.io-client'
import type { Client, Step } from '#components/live/clients/client.ts'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { longPoll } from '#components/live/clients/long-poll.ts'
import { shortPoll } from '#components/live/clients/short-poll.ts'
import { socket } from '#components/live/clients/socket.ts'
import { browserClock } from '#components/live/clock.ts'
import { keepConnected } from '#components/live/keep-connected.ts'
import { watchPage } from '#components/live/liveness.ts'
import { connector, type OpenConnection } from '#components/live/open-socket.ts'
import { epochOf } from '#components/live/position.ts'
import type { ClientEvent, ClientOptions, OpenClient } from '#server/lab/clients/client.ts'
import { openEventStream } from '#server/lab/clients/event-stream.ts'
import { openLongPoll } from '#server/lab/clients/long-poll.ts'
import { openShortPoll } from '#server/lab/clients/short-poll.ts'
import { openSocketClient } from '#server/lab/clients/socket.ts'
import { slugOf } from '#server/protocol/problems.ts'
import type { Person } from './person.ts'

export type { ClientEvent }

/** Opens `stream` after a cursor as this person, and yields all events for as long as it is iterated. */
export type Listen = (
  person: Person,
  stream: string,
  after?: string,
) => AsyncGenerator<ClientEvent, undefined>

/** The deliveries under the contract, by the lab's clients and the browser's; a new one is a new row. */
export const deliveries: { name: string; listen: Listen }[] = [
  { name: 'short poll', listen: listening(openShortPoll, { pollMs: 10 }) },
  { name: 'long poll', listen: listening(openLongPoll) },
  { name: 'event stream', listen: listening(openEventStream) },
  { name: 'socket', listen: listening(openSocketClient) },
  { name: 'short poll in the browser', listen: inBrowser(() => shortPoll, 10) },
  { name: 'long poll in the browser', listen: inBrowser(() => longPoll) },
  { name: 'event stream in the browser', listen: inBrowser(() => eventStream) },
  { name: 'socket in the browser', listen: inBrowser((person) => socket(socketOf(person))) },
]

/** Iterates a client's events; ends on a refusal, and closes the client when iteration stops. */
function listening(open: OpenClient, manner: Pick<ClientOptions, 'pollMs'> = {}): Listen {
  return async function* ({ port, cookie }, stream, after) {
    const heard: ClientEvent[] = []
    let wake: (() => void) | undefined
    const client = open(
      { port, cookie, stream, ...(after !== undefined && { after }), ...manner },
      (each) => {
        heard.push(each)
        wake?.()
      },
    )
    try {
      for (;;) {
        for (let next = heard.shift(); next; next = heard.shift()) {
          yield next
          if (next.type === 'refused') return undefined
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      client.close()
    }
  }
}

/** A client of the pages without a browser: as on a visible page, with the person's cookie. */
function inBrowser(clientOf: (person: Person) => Client, everyMs = 2_000): Listen {
  return async function* (person, stream, after = '') {
    const left = new AbortController()
    const document = Object.assign(new EventTarget(), { hidden: false })
    const activity = watchPage({ document, window: new EventTarget() }, 'keep')
    const steps = keepConnected(
      clientOf(person),
      { name: stream, after },
      {
        ...{ activity, everyMs, clock: browserClock, signal: left.signal },
        fetch: (path, init) =>
          fetch(`http://127.0.0.1:${person.port}${path}`, {
            ...init,
            headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie: person.cookie },
          }),
      },
    )
    try {
      for await (const step of steps) {
        yield* eventsOf(step)
        if (step.type === 'refused' || step.type === 'signed-out') return undefined
      }
      return undefined
    } finally {
      left.abort()
      activity.release()
    }
  }
}

function eventsOf(step: Step): ClientEvent[] {
  switch (step.type) {
    case 'entries':
      return step.entries.map((entry) => ({
        ...{ type: 'entry', entry, cursor: `${epochOf(step.cursor)}.${entry.seq}` },
      }))
    case 'reset':
      return [{ type: 'reset', head: step.head, reason: step.reason ?? 'epoch' }]
    case 'refused':
      return [{ type: 'refused', status: step.problem.status, slug: slugOf(step.problem) }]
    case 'signed-out':
      return [{ type: 'refused', status: 401, slug: 'unauthenticated' }]
    default:
      return []
  }
}

function socketOf({ port, cookie }: Person): OpenConnection {
  return connector({
    origin: `http://127.0.0.1:${port}`,
    note: () => undefined,
    // Node's own WebSocket cannot send a cookie.
    transport: NodeWebSocket as typeof WebSocket,
    extraHeaders: { cookie },
  })
}
