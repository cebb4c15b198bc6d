import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { OpenStream, type StreamFacts } from '#server/connections/open-stream.ts'
import { countingQueries } from '#server/database/client.ts'
import { parseStartPosition } from '#server/deliver/cursor.ts'
import type { StartPosition } from '#server/log/feeds.ts'
import { type AccessDeps, knownStream, type ReadableStream, readableStream } from './access.ts'
import type { Context } from './context.ts'
import { sharing, variedBy } from './cors.ts'
import { apiSecurity } from './front/security-headers.ts'
import { checkViewer, type ViewerHeaders } from './session.ts'

export type EventStreamDeps = AccessDeps & Pick<Context, 'eventStreams'>

/** A request for an event stream. `Last-Event-ID` takes precedence over `after`. */
export type EventStreamRequest = StreamFacts & {
  name: string
  after: string | undefined
  headers: Readonly<Pick<IncomingHttpHeaders, 'origin' | 'host'>> & ViewerHeaders
}

/** Where the response is written: its head with the first frames by `begin`, the others to `out`. */
export type EventStreamResponse = {
  socket: Socket
  out: Writable
  readonly begin: (fields: Record<string, string>, frames: string) => boolean
}

/**
 * Opens a stream, and resolves once it is open; the stream ends itself. A refusal is thrown before anything is written.
 */
export async function openEventStream(
  deps: EventStreamDeps,
  request: EventStreamRequest,
  response: EventStreamResponse,
): Promise<void> {
  try {
    if (!openKnown(deps, request, response))
      await countingQueries(request.meter, () => open(deps, request, response))
  } catch (error) {
    if (!response.socket.destroyed) throw error
  }
}

/** Opens the stream synchronously if everything needed is in memory; false when something has to be read or refused. */
function openKnown(
  deps: EventStreamDeps,
  request: EventStreamRequest,
  response: EventStreamResponse,
): boolean {
  const { eventStreams, sessions } = deps
  const { name, headers } = request
  const session = sessions.known(headers.cookie)
  if (headers['x-viewer'] !== undefined && headers['x-viewer'] !== session?.userId) return false
  const readable = knownStream(deps, name, session)
  if (!readable) return false
  const after = startOf(request)
  const first = readable.feeds.known(readable.stream, after)
  if (!first) return false
  const held = openStream(deps, request, response, readable)
  eventStreams.begin(
    held,
    readable.feeds,
    { stream: readable.stream, after, revokesAccess: readable.revokesAccess },
    first,
  )
  return true
}

async function open(deps: EventStreamDeps, request: EventStreamRequest, response: EventStreamResponse) {
  const { sessions, eventStreams } = deps
  const { name, headers } = request
  if (headers['x-viewer'] !== undefined) await checkViewer(sessions, headers)
  const readable = await readableStream(deps, name, headers.cookie)
  const { stream, feeds, revokesAccess } = readable
  const after = startOf(request)
  const held = openStream(deps, request, response, readable)
  await eventStreams.start(held, feeds, { stream, after, revokesAccess })
}

function startOf({ lastEventId, after }: EventStreamRequest): StartPosition {
  return parseStartPosition(lastEventId ?? after)
}

/** Counts the stream as open. Throws `TooManyConnections`. */
function openStream(
  { env, eventStreams }: EventStreamDeps,
  request: EventStreamRequest,
  { socket, out, begin }: EventStreamResponse,
  { stream, session }: ReadableStream,
): OpenStream {
  const fields = { ...streamFields(stream, request.requestId), ...sharing(request.headers, env, variedBy) }
  const target = { socket, out, begin: (frames: string) => begin(fields, frames) }
  const held = new OpenStream(target, session, factsOf(request), eventStreams.options)
  eventStreams.open(held)
  return held
}

/** Copied strings: a slice of the request's would keep the whole request in memory for as long as the stream lasts. */
function factsOf({ requestId, path, lastEventId, meter }: StreamFacts): StreamFacts {
  return { requestId, path: copied(path), lastEventId: lastEventId && copied(lastEventId), meter }
}

function copied(text: string): string {
  return Buffer.from(text).toString()
}

/**
 * SSE1. The connection ends with the stream, so frames need no chunked encoding and are the same bytes for everyone.
 */
function streamFields(stream: string, requestId: string): Record<string, string> {
  return {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    vary: variedBy,
    'content-location': `/api/streams/${stream}`,
    connection: 'close',
    date: new Date().toUTCString(),
    'x-request-id': requestId,
    ...apiSecurity,
  }
}
