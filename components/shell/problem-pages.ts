import type { ProblemSlug } from '#server/protocol/problems.ts'

/** What a problem's page says: the status it comes with, what happened, what a client should do. */
type ProblemPage = { status: number; title: string; means: string; remedy: string; example?: object }

/** One page for each slug, in the order of their statuses; titles are those of the problem documents. */
export const problemPages = {
  'bad-request': {
    status: 400,
    title: 'Bad Request',
    means: 'The request could not be read as HTTP, or its body nests deeper than this server takes.',
    remedy: 'Correct the request; sending the same again gives the same answer.',
  },
  'malformed-json': {
    status: 400,
    title: 'The body is not JSON',
    means: 'The body is declared as JSON and cannot be parsed as such.',
    remedy: 'Send valid JSON (RFC 8259), in UTF-8.',
  },
  'invalid-parameter': {
    status: 400,
    title: 'A parameter is not valid',
    means: 'A part of the URL, its query or a header is not in its format. The detail names it.',
    remedy: 'Correct the named parameter.',
    example: { detail: 'wait: whole seconds from 0 to 25' },
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid',
    means: 'The cursor is not of the form <epoch>.<seq>: four to sixteen of 0-9 and a-z, a dot, a number.',
    remedy: 'Send a cursor as it was given, or none, to read from the start of what is kept.',
  },
  'idempotency-key-required': {
    status: 400,
    title: 'An Idempotency-Key is required',
    means: 'Creating a loan, a payment or an order takes a key, so that a repeated request happens once.',
    remedy: 'Send an Idempotency-Key: a new one for each new thing, the same one when you send again.',
  },
  unauthenticated: {
    status: 401,
    title: 'Sign in first',
    means: 'There is no session, or it has ended: signed out, revoked on another device, or expired.',
    remedy: 'Sign in, then send the request again.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    means: 'You are known, and what you asked for is not for your role.',
    remedy: 'Nothing on your side, short of another account.',
    example: { detail: 'Only an officer may do that' },
  },
  'origin-not-allowed': {
    status: 403,
    title: 'This origin is not allowed',
    means:
      'A page of another origin sent a request that changes something, or opened a live connection. It is refused before it is read.',
    remedy: 'Call from the site itself, or have the origin added to TRUSTED_ORIGINS.',
  },
  'not-found': {
    status: 404,
    title: 'Not Found',
    means: 'It does not exist, or it is not yours to see. Both answers are the same on purpose.',
    remedy: 'Check the path and the id.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method Not Allowed',
    means: 'The path exists and does not know this method.',
    remedy: 'Use one of the methods in the Allow header.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    means:
      'It does not fit what is there by now. With the member viewer, the page that asked belongs to another user than the one who is signed in now; viewer is the id of that one. Nothing was read or written.',
    remedy: 'Read it again, then decide anew. With viewer, reload the page.',
  },
  'invalid-state': {
    status: 409,
    title: 'Not possible in the present state',
    means:
      'The verb does not fit the state: a loan that was decided already, a payment on one that is not paid out. The member state says where it stands.',
    remedy: 'Read the resource again; of two who decide at once, one is told this.',
    example: { state: 'approved' },
  },
  'insufficient-funds': {
    status: 409,
    title: 'Not enough money',
    means: 'The account does not hold what the order would cost.',
    remedy: 'Order less, or wait until something is sold.',
  },
  'idempotency-in-progress': {
    status: 409,
    title: 'The first request is still running',
    means: 'A request with the same Idempotency-Key has not been answered yet.',
    remedy: 'Wait as Retry-After says, then send the same again: you get the answer of the first.',
  },
  'stream-reset': {
    status: 410,
    title: 'The cursor leads nowhere',
    means:
      'The cursor is of another life of the database, lies beyond the newest entry, or is older than what is kept. The members head and reason say where the stream stands, and which it was.',
    remedy:
      'Read the state anew and follow from its cursor. What lies between is not hidden: say so to the reader.',
    example: { head: 'k7b2.1840', reason: 'trimmed' },
  },
  'content-too-large': {
    status: 413,
    title: 'Payload Too Large',
    means: 'The body is larger than this server takes: 64 KB unless it was set otherwise.',
    remedy: 'Send less.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported Media Type',
    means: 'The body is not declared as JSON.',
    remedy: 'Send Content-Type: application/json.',
  },
  validation: {
    status: 422,
    title: 'The body does not say what is needed',
    means:
      'The body is JSON, and some of it does not fit. Each error has a pointer (RFC 6901) to the place and a detail that says what is wanted.',
    remedy: 'Correct what the pointers name. Nothing was written.',
    example: { errors: [{ pointer: '/termMonths', detail: 'Between 6 and 120 months' }] },
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The key was used for another request',
    means: 'This Idempotency-Key was sent before, with another body.',
    remedy: 'Take a new key for a new thing.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    means: 'More came from you, or from your address, than the limit allows.',
    remedy: 'Wait as Retry-After says.',
  },
  'too-many-connections': {
    status: 429,
    title: 'Too many connections',
    means: 'You, or your address, hold as many connections open as the limit allows.',
    remedy: 'Close some, for instance in other tabs, and try again as Retry-After says.',
  },
  'too-many-subscriptions': {
    status: 429,
    title: 'Too many subscriptions',
    means: 'One socket follows as many streams as the limit allows.',
    remedy: 'Unfollow some.',
  },
  internal: {
    status: 500,
    title: 'Internal Server Error',
    means: 'Something went wrong on the server. Its log has the details under the same requestId.',
    remedy: 'Quote the requestId. A create may be sent again with the same Idempotency-Key: it happens once.',
  },
  unavailable: {
    status: 503,
    title: 'Away for a moment',
    means:
      'The database is away, or this process is being stopped. Nothing was acknowledged that was not written.',
    remedy: 'Send the same again as Retry-After says. Live connections stay open and catch up by themselves.',
  },
} as const satisfies Record<ProblemSlug, ProblemPage>

/** The page of a slug; undefined for what is none. */
export function problemPage(slug: string): ProblemPage | undefined {
  return Object.hasOwn(problemPages, slug) ? problemPages[slug as ProblemSlug] : undefined
}
