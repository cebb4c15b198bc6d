import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { createBeats } from '#server/connections/beats.ts'
import { toWire } from '#server/connections/exchanges.ts'
import { OpenStream, type StreamFacts } from '#server/connections/open-stream.ts'
import { countingQueries } from '#server/database/client.ts'
import { parsePlace } from '#server/deliver/cursor.ts'
import type { Manner } from '#server/deliver/event-stream.ts'
import type { ByeReason, WireExchange } from '#server/protocol/protocol.ts'
import { readableStream } from './access.ts'
import type { Context } from './context.ts'
import { sharing } from './cors.ts'
import { apiSecurity } from './front/security-headers.ts'
import { Refusal } from './problem.ts'
import { checkViewer, type ViewerHeaders } from './session.ts'

/** A request for a stream. The `Last-Event-ID` wins over `after`. */
export type Asked = StreamFacts & {
  name: string
  after: string | undefined
  headers: Readonly<Pick<IncomingHttpHeaders, 'origin' | 'host'>> & ViewerHeaders
}

/** Where the answer goes: its head, then the frames on `out`. */
export type Answering = { socket: Socket; out: Writable; head(headers: Record<string, string>): void }

export type EventStreams = {
  /** Opens a stream and returns; it ends by itself. Throws what is refused, before anything is written. */
  open(asked: Asked, answering: Answering): Promise<void>
  count(): number
  /** How many have ended so far, and why. */
  ended(): Record<ByeReason | 'left', number>
  /** What the open ones of a session have cost so far. */
  of(sessionId: string): WireExchange[]
  /** Says `bye` to all; none is opened any more. */
  drain(): void
  /** Calls `listener` when the node stops taking streams. */
  onDrain(listener: () => void): void
  close(): void
}

type Parts = Pick<
  Context,
  'env' | 'sessions' | 'feeds' | 'pulse' | 'runs' | 'statuses' | 'memberships' | 'exchanges'
>

/** A herd that lost its server comes back over so long a time, in ms. */
const herdMs = 2_000

/** The event streams that this node holds open. */
export function createEventStreams(parts: Parts): EventStreams {
  const { env, sessions, exchanges } = parts
  const everybody = new Set<OpenStream>()
  const perUser = new Map<string, number>()
  const ended = { drain: 0, slow: 0, 'session-ended': 0, 'right-ended': 0, left: 0 }
  const beats = createBeats(env.HEARTBEAT_MS)
  const manner: Manner = {
    beatMs: env.HEARTBEAT_MS,
    maxBehindBytes: env.MAX_BUFFER_BYTES,
    retryMs: () => Math.round(500 + Math.random() * herdMs),
  }
  const drainListeners: (() => void)[] = []
  let draining = false

  function enter(userId: string | undefined) {
    if (userId === undefined) return
    const count = (perUser.get(userId) ?? 0) + 1
    if (count > env.MAX_SSE_PER_USER) {
      const detail = `A user has at most ${env.MAX_SSE_PER_USER} event streams open`
      throw new Refusal('too-many-connections', detail, { headers: { 'retry-after': '5' } })
    }
    perUser.set(userId, count)
  }

  function leave(userId: string | undefined) {
    if (userId === undefined) return
    const count = (perUser.get(userId) ?? 1) - 1
    if (count === 0) perUser.delete(userId)
    else perUser.set(userId, count)
  }

  async function open(asked: Asked, { socket, out, head }: Answering) {
    await checkViewer(sessions, asked.headers)
    const { stream, feeds, session, isLast } = await readableStream(parts, asked.name, asked.headers.cookie)
    const after = parsePlace(asked.lastEventId ?? asked.after)
    enter(session?.userId)
    const held = new OpenStream(socket, out, session, factsOf(asked))
    if (session) sessions.watch(session, held)
    try {
      const first = await feeds.read(stream, after)
      if (draining) throw stopping()
      if (held.ending) throw new Refusal('unauthenticated', 'The session has ended')
      if (socket.destroyed) return forget(held)
      head({ ...headersOf(stream, asked.requestId), ...sharing(asked.headers, env, vary) })
      held.start(feeds, { stream, after, ...(isLast && { isLast }) }, first, manner, () => close(held))
    } catch (error) {
      forget(held)
      throw error
    }
    everybody.add(held)
    beats.add(held)
  }

  function close(held: OpenStream) {
    everybody.delete(held)
    beats.remove(held)
    held.left()
    forget(held)
    ended[held.ending ?? 'left'] += 1
    if (held.session) exchanges.add(held.session.id, held.counted())
  }

  function forget(held: OpenStream) {
    leave(held.session?.userId)
    if (held.session) sessions.unwatch(held.session, held)
  }

  return {
    open: (asked, answering) => countingQueries(asked.meter, () => open(asked, answering)),
    count: () => everybody.size,
    ended: () => ({ ...ended }),
    of: (sessionId) =>
      [...everybody]
        .filter(({ session }) => session?.id === sessionId)
        .map((held) => ({ ...toWire(held.counted()), open: true })),
    drain() {
      draining = true
      for (const held of everybody) held.bye('drain')
      for (const listener of drainListeners) listener()
    },
    onDrain: (listener) => void drainListeners.push(listener),
    close: beats.close,
  }
}

function stopping(): Refusal {
  return new Refusal('unavailable', 'This node is stopping', { headers: { 'retry-after': '1' } })
}

/** Its own texts: a part of the request's would keep the whole of it in memory for as long as the stream lasts. */
function factsOf({ requestId, path, lastEventId, meter }: Asked): StreamFacts {
  return { requestId, path: copied(path), lastEventId: lastEventId && copied(lastEventId), meter }
}

function copied(text: string): string {
  return Buffer.from(text).toString()
}

const vary = 'Accept, Prefer, Cookie'

/** SSE1. The connection ends with the stream, so the frames go over it as they are, the same bytes for everybody. */
function headersOf(stream: string, requestId: string): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    vary,
    'content-location': `/api/streams/${stream}`,
    connection: 'close',
    date: new Date().toUTCString(),
    'x-request-id': requestId,
    ...apiSecurity,
  }
}
