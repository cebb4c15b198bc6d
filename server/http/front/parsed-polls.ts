import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { answerKnownPoll, type KnownPollDeps, polledBy } from '#server/http/known-polls.ts'
import { wantsStream } from './stream-request.ts'

/** A listener that answers polls from memory, on a connection that the HTTP parser holds, and leaves the rest to `route`. */
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
        // Without its cookie it is refused as it was told: another session of the cookie may have begun meanwhile.
        if (reason === 'session-ended') delete headers.cookie
        route(request, response)
      },
    },
  )
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}
