import type { ProblemSlug } from '#server/protocol/problems.ts'

/** A problem's page: its status, what happened, and what a client should do. */
type ProblemPage = { status: number; title: string; means: string; remedy: string; example?: object }

/** One page for each slug, by status; titles are those of the problem documents. */
export const problemPages = {
  'bad-request': {
    status: 400,
    title: 'Bad Request',
    means: 'The server couldn’t parse the request as HTTP, or its body is nested too deeply.',
    remedy: 'Fix the request. Sending it again unchanged gives the same response.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not valid JSON',
    means: 'The body is declared as JSON but can’t be parsed.',
    remedy: 'Send valid JSON (RFC 8259) in UTF-8.',
  },
  'invalid-parameter': {
    status: 400,
    title: 'A parameter is not valid',
    means: 'Part of the path, the query or a header has the wrong format. The detail member names it.',
    remedy: 'Fix the parameter it names.',
    example: { detail: 'wait: whole seconds from 0 to 25' },
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    means:
      'The cursor doesn’t have the form <epoch>.<seq>: 4 to 16 characters from 0-9 and a-z, a dot, and a number.',
    remedy: 'Send a cursor exactly as you received it, or none to read from the oldest entry kept.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'An Idempotency-Key is required',
    means:
      'Creating a loan, a payment or an order requires a key, so that a retried request takes effect only once.',
    remedy: 'Send an Idempotency-Key: a new one for each new resource, the same one when you retry.',
  },
  unauthenticated: {
    status: 401,
    title: 'Sign in to continue',
    means:
      'There is no session, or it has ended: you signed out, it was revoked on another device, or it expired.',
    remedy: 'Sign in, then send the request again.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    means: 'You’re signed in, but your role doesn’t allow this request.',
    remedy: 'Use an account that has the required role.',
    example: { detail: 'Only an officer can do that' },
  },
  'origin-not-allowed': {
    status: 403,
    title: 'This origin is not allowed',
    means:
      'A page on another origin sent a request that changes data, or opened a live connection. The server refuses it before reading the body.',
    remedy: 'Send the request from the site itself, or have the origin added to TRUSTED_ORIGINS.',
  },
  'not-found': {
    status: 404,
    title: 'Not Found',
    means: 'The resource doesn’t exist, or you don’t have access to it. The response is the same for both.',
    remedy: 'Check the path and the ID.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method Not Allowed',
    means: 'The path exists but doesn’t support this method.',
    remedy: 'Use one of the methods listed in the Allow header.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    means:
      'The request conflicts with the current state. If the document has a viewer member, the page belongs to a different user than the one signed in now, and viewer is the ID of the signed-in user. Nothing was read or written.',
    remedy: 'Read the current state and try again. If there is a viewer member, reload the page.',
  },
  'invalid-state': {
    status: 409,
    title: 'Not possible in the current state',
    means:
      'The current state doesn’t allow this action: for example, the loan has already been decided, or a payment was sent for a loan that isn’t paid out. The state member has the current state.',
    remedy: 'Read the resource again. When two people decide at the same time, one of them gets this.',
    example: { state: 'approved' },
  },
  'insufficient-funds': {
    status: 409,
    title: 'Insufficient funds',
    means: 'The account doesn’t have enough available cash for this order.',
    remedy: 'Order less, or sell something first.',
  },
  'idempotency-in-progress': {
    status: 409,
    title: 'The first request is still running',
    means: 'A request with the same Idempotency-Key is still being processed.',
    remedy:
      'Wait for the time in Retry-After, then send the same request again: you’ll get the response to the first one.',
  },
  'stream-reset': {
    status: 410,
    title: 'The stream cannot resume from this cursor',
    means:
      'The cursor belongs to another epoch of the database, lies beyond the newest entry, or is older than the oldest entry kept. The reason member says which; head is the newest cursor of the stream.',
    remedy:
      'Read the current state and follow from its cursor. Entries may be missing in between, so tell the user.',
    example: { head: 'k7b2.1840', reason: 'trimmed' },
  },
  'content-too-large': {
    status: 413,
    title: 'Payload Too Large',
    means: 'The body exceeds this server’s limit, 64 KB by default.',
    remedy: 'Send a smaller body.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported Media Type',
    means: 'The body isn’t declared as JSON.',
    remedy: 'Send Content-Type: application/json.',
  },
  validation: {
    status: 422,
    title: 'The request body is not valid',
    means:
      'The body is valid JSON, but some values aren’t allowed. Each error has a pointer (RFC 6901) to the value and a detail that says what’s expected.',
    remedy: 'Fix the values the pointers name. Nothing was written.',
    example: { errors: [{ pointer: '/termMonths', detail: 'Between 6 and 120 months' }] },
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used for another request',
    means: 'This Idempotency-Key was used before with a different body.',
    remedy: 'Use a new key for a new request.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    means: 'You, or your IP address, sent more requests than the limit allows.',
    remedy: 'Wait for the time in Retry-After.',
  },
  'too-many-connections': {
    status: 429,
    title: 'Too many connections',
    means: 'You, or your IP address, have as many connections open as the limit allows.',
    remedy: 'Close some, for instance in other tabs, and try again after the time in Retry-After.',
  },
  'too-many-subscriptions': {
    status: 429,
    title: 'Too many subscriptions',
    means: 'This socket already follows as many streams as the limit allows.',
    remedy: 'Unfollow a stream first.',
  },
  internal: {
    status: 500,
    title: 'Internal Server Error',
    means: 'Something went wrong on the server. Its log has the details under this requestId.',
    remedy:
      'Include the requestId when you report it. It’s safe to retry a create with the same Idempotency-Key: it takes effect only once.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    means:
      'The database is unavailable, or this process is shutting down. Everything that was acknowledged has been written.',
    remedy:
      'Send the same request again after the time in Retry-After. Live connections reconnect and catch up automatically.',
  },
} as const satisfies Record<ProblemSlug, ProblemPage>

/** The page of a slug; undefined for an unknown one. */
export function problemPage(slug: string): ProblemPage | undefined {
  return Object.hasOwn(problemPages, slug) ? problemPages[slug as ProblemSlug] : undefined
}
