import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HeldRequest } from '#server/connections/held-request.ts'
import { longPoll } from '#server/deliver/long-poll.ts'
import { shortPoll } from '#server/deliver/short-poll.ts'
import { pulseStream } from '#server/domain/pulse/pulse.ts'
import { readableStream } from '#server/http/access.ts'
import { pageAnswer } from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { type EventStreamDeps, openEventStream } from '#server/http/event-streams.ts'
import { noteStreaming } from '#server/http/front/raw-refusal.ts'
import { wantsStream } from '#server/http/front/stream-request.ts'
import { empty, streamHeaders } from '#server/http/openapi.ts'
import { waitOf } from '#server/http/polled-resource.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { pollOf, streamAnswer } from '#server/http/stream-polls.ts'
import { formatCursor } from '#server/log/log.ts'
import { socketPath } from '#server/protocol/socket.ts'
import { cursorPattern } from '#server/protocol/streams.ts'

/** `GET /api/streams/{name}`: one URL per stream; the delivery is negotiated. `POST …/pulse/events`. */
export const streamRoutes: Routes<EventStreamDeps & Pick<Context, 'heldRequests' | 'limits' | 'metrics'>> = (
  api,
  deps,
) => {
  const { env, heldRequests, limits, metrics, pulse } = deps
  const schema = {
    params: z.object({ name: z.string() }),
    querystring: z.object({
      after: z.union([z.literal('now'), z.string().regex(cursorPattern)]).optional(),
      wait: z.string().optional(),
    }),
    heeds: streamHeaders,
    responses: { 200: pageAnswer, 204: empty, 304: empty },
    summary:
      'Reads or follows a stream: short poll, long poll with Prefer: wait=N or ?wait=N, Server-Sent Events with Accept: text/event-stream',
  }
  // The schema is for the document only; parameters are checked below, because a bad cursor has a problem of its own.
  const options = { schema, validatorCompiler: () => () => true }
  api.get('/api/streams/:name', options, async (request, reply) => {
    const { name } = request.params as { name: string }
    if (request.method === 'GET' && wantsStream(request.headers.accept)) {
      await openStream(name, request, reply)
      return reply
    }
    const readable = await readableStream(deps, name, request.headers.cookie)
    const { feeds, session } = readable
    request.session = session
    const poll = pollOf(readable, afterOf(request), request.headers['if-none-match'])
    const wait = waitOf(request, env.MAX_WAIT_MS)
    using held = wait && new HeldRequest(heldRequests, request.raw.socket, session, wait.ms)
    const result = held ? await longPoll(feeds, poll, held) : await shortPoll(feeds, poll)
    held?.assertSession()
    metrics.countPoll(held ? 'long-poll' : 'short-poll', result.state)
    const { status, fields, body } = streamAnswer(result, readable, wait)
    return reply.code(status).headers(fields).send(body)
  })

  const sending = {
    responses: { 201: z.object({ cursor: z.string().regex(cursorPattern) }) },
    summary: 'Appends an event to the public stream `pulse`, as anybody may',
  }
  api.post(`/api/streams/${pulseStream}/events`, { schema: sending }, async (request, reply) => {
    await limits.countPulse(request.ip)
    reply.code(201).header('cache-control', 'no-store')
    return { cursor: formatCursor(await pulse.send()) }
  })

  /** On a connection with an HTTP parser; `raw-listener.ts` serves those that begin with such a request. */
  function openStream(name: string, request: FastifyRequest, reply: FastifyReply) {
    const { id, url, headers, meter } = request
    const { raw } = reply
    const lastEventId = headers['last-event-id']?.toString() || undefined
    return openEventStream(
      deps,
      { name, after: afterOf(request), lastEventId, headers, requestId: id, path: url, meter },
      {
        socket: request.raw.socket,
        out: raw,
        begin(fields, frames) {
          reply.hijack()
          noteStreaming(request.raw.socket)
          raw.removeHeader('transfer-encoding')
          raw.writeHead(200, fields)
          return raw.write(frames)
        },
      },
    )
  }
}

function afterOf(request: FastifyRequest): string | undefined {
  const { after } = request.query as { after?: unknown }
  if (after === undefined || typeof after === 'string') return after
  throw new Refusal('invalid-parameter', 'after: given more than once')
}

/**
 * Requests to the socket path without an upgrade: Socket.IO's own long polling is not offered, because the API has a
 * better one.
 */
export const socketRoute: Routes<Context> = (api) => {
  api.route({
    method: ['GET', 'POST'],
    url: socketPath,
    schema: { hide: true },
    handler: () => {
      const headers = { upgrade: 'websocket', connection: 'Upgrade' }
      throw new Refusal('bad-request', 'WebSocket only: ask for an upgrade', { status: 426, headers })
    },
  })
}
