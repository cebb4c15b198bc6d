import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { answerKnownPoll, type KnownPollDeps, polledBy } from '#server/http/known-polls.ts'
import { wantsStream } from './stream-request.ts'

/**
 * A listener that responds to polls from memory, on connections with an HTTP parser, and leaves everything else to
 * `route`.
 */
export function answeringPolls(deps: KnownPollDeps, route: RequestListener): RequestListener {
  return (request, response) => {
    if (!answer(deps, request, response, route)) route(request, response)
  }
}

function answer(
  deps: KnownPollDeps,
  request: IncomingMessage,
  response: ServerResponse,
  route: RequestListener,
): boolean {
  const { method, url = '', headers, socket } = request
  const polled = method === 'GET' ? polledBy(url) : undefined
  if (!polled || wantsStream(headers.accept) || hasBody(request)) return false
  return answerKnownPoll(
    deps,
    polled,
    { url, headers, meter: deps.exchanges.begin(request) },
    {
      socket,
      send({ status, fields, body }) {
        if (body) fields['content-length'] = String(body.length)
        response.writeHead(status, fields).end(body)
      },
      pass(reason) {
        // Without its cookie, the router refuses it as unauthenticated: the cookie may have a new session by now.
        if (reason === 'session-ended') delete headers.cookie
        route(request, response)
      },
    },
  )
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}
