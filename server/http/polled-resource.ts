import type { FastifyReply, FastifyRequest } from 'fastify'
import { HeldRequest } from '#server/connections/held-request.ts'
import { countingQueries } from '#server/database/client.ts'
import { formatTag, knownCursor } from '#server/deliver/cursor.ts'
import { longPollResource, type ResourceReader } from '#server/deliver/long-poll.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { Context } from './context.ts'
import { variedBy } from './cors.ts'
import { Refusal } from './problem.ts'

export type PollDeps = Pick<Context, 'env' | 'feeds' | 'heldRequests' | 'metrics' | 'clock'>

/** A resource as of a cursor, which is its validator. */
export type Resource = { cursor: string; body: Buffer; dueAtMs: number | undefined; isFinal: boolean }

const longestAdviceSeconds = 30

/**
 * Responds to a poll of a resource that changes with `stream`: 200 with the state, or 304 while the caller's validator
 * is current. With `Prefer: wait` and a validator, the request is held until a change or the deadline.
 */
export async function answerPoll(
  deps: PollDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  session: Session,
  stream: string,
  reader: ResourceReader<Resource>,
): Promise<FastifyReply> {
  const { env, feeds, heldRequests, metrics, clock } = deps
  // A read after the stream has moved runs in the async context of whoever moved it, so the meter is set again.
  const read = () => countingQueries(request.meter, reader.read)
  const known = knownCursor(request.headers['if-none-match'], session.viewer)
  const wait = waitOf(request, env.MAX_WAIT_MS)
  using held =
    wait && known !== undefined
      ? new HeldRequest(heldRequests, request.raw.socket, session, wait.ms)
      : undefined
  const resource =
    held && known !== undefined
      ? await longPollResource(feeds, stream, known, { ...reader, read }, held)
      : await read()
  held?.assertSession()
  const isModified = resource.cursor !== known
  metrics.countPoll(wait ? 'long-poll' : 'short-poll', isModified ? 'changed' : 'not-modified')
  const answer = resourceAnswer(resource, { known, viewer: session.viewer, wait, nowMs: clock.nowMs() })
  return reply.code(answer.status).headers(answer.fields).send(answer.body)
}

/** The response to a poll, without the headers of every API response. */
export type PollAnswer = { status: 200 | 204 | 304; fields: Record<string, string>; body?: Buffer }

type Asked = { known: string | undefined; viewer: string; wait: Wait | undefined; nowMs: number }

/** The response to a poll of a resource, for a viewer and the cursor that they have, if any. */
export function resourceAnswer(resource: Resource, { known, viewer, wait, nowMs }: Asked): PollAnswer {
  const fields = pollFields(wait)
  fields.etag = formatTag(resource.cursor, viewer)
  const advice = adviceSeconds(resource, nowMs)
  if (advice !== undefined) fields['retry-after'] = String(advice)
  if (resource.cursor === known) return { status: 304, fields }
  fields['content-type'] = 'application/json; charset=utf-8'
  return { status: 200, fields, body: resource.body }
}

/** The headers of every response to a poll. LP3: that a preference was applied, and for how long a wait. */
export function pollFields(wait: Wait | undefined): Record<string, string> {
  const fields: Record<string, string> = { 'cache-control': 'private, no-cache', vary: variedBy }
  if (wait?.preferred) fields['preference-applied'] = `wait=${Math.floor(wait.ms / 1_000)}`
  return fields
}

/**
 * When to poll again, in whole seconds: when the next step is due, 30 s while a person has to act, undefined in a final
 * state.
 */
export function adviceSeconds(
  { dueAtMs, isFinal }: Pick<Resource, 'dueAtMs' | 'isFinal'>,
  nowMs: number,
): number | undefined {
  if (dueAtMs !== undefined) {
    return Math.min(longestAdviceSeconds, Math.max(1, Math.ceil((dueAtMs - nowMs) / 1_000)))
  }
  return isFinal ? undefined : longestAdviceSeconds
}

/** How long to hold a request, and whether it was requested by `Prefer` (RFC 7240), which has to be acknowledged. */
export type Wait = { ms: number; preferred: boolean }

type Waiting = { method: string; query: unknown; headers: Headers }
type Headers = { readonly [name: string]: string | string[] | undefined }

const preferPattern = /(?:^|,)\s*wait\s*=\s*"?([0-9]{1,9})"?\s*(?=$|[,;])/i

/**
 * The wait that a request specifies; undefined for a short poll. `?wait=` must be 0 to 25 (the maximum), else 400; a
 * longer `Prefer: wait` is clamped, and a malformed one is ignored, as RFC 7240 requires. HEAD never waits.
 */
export function waitOf(request: Waiting, maxMs: number): Wait | undefined {
  if (request.method === 'HEAD') return undefined
  const { wait } = request.query as { wait?: unknown }
  if (wait !== undefined) {
    if (typeof wait !== 'string' || !/^[0-9]{1,3}$/.test(wait) || Number(wait) * 1_000 > maxMs) {
      throw new Refusal('invalid-parameter', `wait: whole seconds from 0 to ${Math.floor(maxMs / 1_000)}`)
    }
    return { ms: Number(wait) * 1_000, preferred: false }
  }
  const { prefer } = request.headers
  const asked = prefer === undefined ? undefined : preferPattern.exec([prefer].flat().join(','))?.[1]
  return asked === undefined ? undefined : { ms: Math.min(Number(asked) * 1_000, maxMs), preferred: true }
}
