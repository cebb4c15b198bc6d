import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { OpenStream, type StreamFacts } from '#server/connections/open-stream.ts'
import { countingQueries } from '#server/database/client.ts'
import { parseStartPosition } from '#server/deliver/cursor.ts'
import { type AccessDeps, readableStream } from './access.ts'
import type { Context } from './context.ts'
import { sharing, variedBy } from './cors.ts'
import { apiSecurity } from './front/security-headers.ts'
import { checkViewer, type ViewerHeaders } from './session.ts'

export type EventStreamDeps = AccessDeps & Pick<Context, 'eventStreams'>

/** A request for an event stream. `Last-Event-ID` wins over `after`. */
export type EventStreamRequest = StreamFacts & {
  name: string
  after: string | undefined
  headers: Readonly<Pick<IncomingHttpHeaders, 'origin' | 'host'>> & ViewerHeaders
}

/** Where the response goes: its head with the first frames, then the others on `out`. */
export type EventStreamResponse = {
  socket: Socket
  out: Writable
  begin(fields: Record<string, string>, frames: string): boolean
}

/** Opens a stream; it ends by itself. Throws what is refused, before anything is written. */
export function openEventStream(
  deps: EventStreamDeps,
  request: EventStreamRequest,
  response: EventStreamResponse,
): Promise<void> {
  return countingQueries(request.meter, () => open(deps, request, response))
}

async function open(deps: EventStreamDeps, request: EventStreamRequest, response: EventStreamResponse) {
  const { env, sessions, eventStreams } = deps
  const { name, headers, requestId, lastEventId } = request
  if (headers['x-viewer'] !== undefined) await checkViewer(sessions, headers)
  const { stream, feeds, session, revokesAccess } = await readableStream(deps, name, headers.cookie)
  const after = parseStartPosition(lastEventId ?? request.after)
  const { socket, out } = response
  const fields = { ...streamFields(stream, requestId), ...sharing(headers, env, variedBy) }
  const target = { socket, out, begin: (frames: string) => response.begin(fields, frames) }
  const held = new OpenStream(target, session, factsOf(request), eventStreams.options)
  eventStreams.open(held)
  try {
    await eventStreams.start(held, feeds, { stream, after, revokesAccess })
  } catch (error) {
    if (!socket.destroyed) throw error
  }
}

/** Its own texts: a slice of the request's would keep the whole request in memory for as long as the stream lasts. */
function factsOf({ requestId, path, lastEventId, meter }: StreamFacts): StreamFacts {
  return { requestId, path: copied(path), lastEventId: lastEventId && copied(lastEventId), meter }
}

function copied(text: string): string {
  return Buffer.from(text).toString()
}

/** SSE1. The connection ends with the stream, so the frames need no chunks: the same bytes for everybody. */
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
