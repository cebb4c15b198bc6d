import type { IncomingMessage, ServerResponse } from 'node:http'
import { formatTag } from '#server/deliver/cursor.ts'
import { mayRead } from '#server/http/access.ts'
import type { Context } from '#server/http/context.ts'
import { sharing, variedBy } from '#server/http/cors.ts'
import { adviceSeconds } from '#server/http/polled-resource.ts'

const loanPath = /^\/api\/loans\/(L-[0-9A-Z]{10})$/

/**
 * Answers the poll of a loan that has not changed, before the router sees it; false when it is anything else.
 *
 * Most polls are of this kind, and what they need is in memory: the session, the loan's state and the tag. The
 * answer is the one that `polled-resource.ts` gives; a test holds the two together.
 */
export function loanNotModifiedFastPath(
  { env, sessions, loanStates, metrics, exchanges, clock, nextRequestId }: Context,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { method, url = '', headers } = request
  const tag = headers['if-none-match']
  if (tag === undefined || method !== 'GET' || headers.prefer !== undefined) return false
  if (!env.ROLES.includes('web')) return false
  const id = loanPath.exec(url)?.[1]
  const session = id === undefined ? undefined : sessions.known(headers.cookie)
  if (id === undefined || session === undefined) return false
  const viewer = headers['x-viewer']
  if (viewer !== undefined && viewer !== session.userId) return false
  const state = loanStates.known(id)
  if (!mayRead(session, state)) return false
  // A list of tags, or a weak one, takes the long way.
  const etag = formatTag(state.cursor, session.viewer)
  if (tag !== etag) return false

  const meter = exchanges.begin(request)
  const requestId = nextRequestId()
  const advice = adviceSeconds(state, clock.nowMs())
  const fields = ['etag', etag, 'cache-control', 'private, no-cache', 'x-request-id', requestId]
  if (advice !== undefined) fields.push('retry-after', String(advice))
  for (const field of Object.entries({ vary: variedBy, ...sharing(headers, env, variedBy) }))
    fields.push(...field)
  response.writeHead(304, fields).end()
  exchanges.end(meter, request, { sessionId: session.id, requestId, path: url, status: 304 })
  metrics.countPoll('short-poll', 'not-modified')
  return true
}
