/**
 * The wire, as types and schemas: what browser and server share. Chat, trading and the socket have chapters of their
 * own in `protocol/`.
 *
 * The rules behind the shapes are numbered in PROTOCOL.md.
 */
import { z } from 'zod'
import { isStorable, nameText, text } from './text.ts'

// ---- The log on the wire

/** One entry of a stream. `seq` counts 1, 2, 3 … without holes; `at` is ISO 8601 with milliseconds. */
export type WireEntry<Data = unknown> = { seq: number; type: string; at: string; data: Data }

/** A short or long poll's 200. `next` is the cursor to ask after, `head` the newest there is. */
export type WirePage<Data = unknown> = {
  entries: WireEntry<Data>[]
  next: string
  head: string
  more: boolean
}

export type ResetReason = 'epoch' | 'beyond-head' | 'trimmed'

export const cursorPattern = /^[0-9a-z]{4,16}\.(0|[1-9][0-9]{0,15})$/

/** What a stream may be called, `me` and `account` (the caller's own), `feed` and `pulse` included. */
export const streamNamePattern = /^(me|account|feed|pulse|(loan|user|room|account|lab):[A-Za-z0-9_-]{1,64})$/

// ---- Server-Sent Events: the data of the named frames. Unnamed ones carry a `WireEntry`, their id is the cursor.

/** `event: ready`: the stream is open. `head` is the newest cursor, `beatMs` how often a beat comes. */
export type StreamReady = { head: string; beatMs: number }

/** `event: beat`: nothing but a sign of life. `at` is the server's time, by which one that was held back shows. */
export type StreamBeat = { at: string }

/** `event: reset`: the cursor leads nowhere, and entries may be missing; the stream goes on from `head`. */
export type StreamReset = { head: string; reason: ResetReason }

/** `event: bye`: the server ends the stream. Come back after `retryMs`, unless the session has ended. */
export type StreamBye = { reason: ByeReason; retryMs: number }
/** `right-ended`: the stream is no longer the caller's to read; coming back is answered as for one that does not exist. */
export type ByeReason = 'drain' | 'slow' | 'session-ended' | 'right-ended'

// ---- Problems (RFC 9457)

export const problemSlugs = [
  'bad-request',
  'malformed-json',
  'invalid-parameter',
  'invalid-cursor',
  'idempotency-key-required',
  'unauthenticated',
  'forbidden',
  'origin-not-allowed',
  'not-found',
  'method-not-allowed',
  'conflict',
  'invalid-state',
  'insufficient-funds',
  'idempotency-in-progress',
  'stream-reset',
  'content-too-large',
  'unsupported-media-type',
  'validation',
  'idempotency-key-reused',
  'rate-limited',
  'too-many-connections',
  'too-many-subscriptions',
  'internal',
  'unavailable',
] as const
export type ProblemSlug = (typeof problemSlugs)[number]

/** `errors` stands on `validation` only; `pointer` is a JSON Pointer (RFC 6901) into the body. */
export type Problem = {
  type: string
  title: string
  status: number
  detail?: string
  instance?: string
  requestId?: string
  errors?: { pointer: string; detail: string }[]
  /** Over a socket, where there is no `Retry-After`. */
  retryAfterMs?: number
  head?: string
  reason?: ResetReason
  /** The id of who is signed in, to a page of somebody else. */
  viewer?: string
}

/** The slug at the end of a problem's `type`. */
export function slugOf(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf('/') + 1)
}

// ---- People

export type Role = 'customer' | 'officer'
/** What a client calls a thing that it makes, so that making it twice makes it once. */
export const clientIdPattern = /^[A-Za-z0-9_-]{1,64}$/
export type Viewer = { id: string; name: string; email: string; role: Role }

// ---- Loans and payments

export const currencies = ['EUR', 'USD', 'GBP', 'CHF'] as const
export const loanLimits = { minMinor: 10_000, maxMinor: 100_000_000, minMonths: 6, maxMonths: 120 } as const

export const loanApplicationSchema = z.strictObject({
  amountMinor: z
    .int('Must be a whole number of minor units (cents)')
    .min(loanLimits.minMinor, 'At least 100.00')
    .max(loanLimits.maxMinor, 'At most 1,000,000.00'),
  currency: z.enum(currencies),
  purpose: text(120),
  termMonths: z
    .int('Must be a whole number of months')
    .min(loanLimits.minMonths, 'Between 6 and 120 months')
    .max(loanLimits.maxMonths, 'Between 6 and 120 months'),
})
export type LoanApplication = z.infer<typeof loanApplicationSchema>

export const loanStatuses = [
  'submitted',
  'verifying',
  'credit-check',
  'under-review',
  'approved',
  'declined',
  'paying-out',
  'paid-out',
  'failed',
] as const
export type LoanStatus = (typeof loanStatuses)[number]

/** A state that no step leaves; `failed` is not one, for an officer may retry. */
export const finalLoanStatuses: readonly LoanStatus[] = ['declined', 'paid-out']

export const decisionSchema = z.strictObject({
  decision: z.enum(['approve', 'decline', 'retry']),
  note: text(500).optional(),
})
export type Decision = z.infer<typeof decisionSchema>

export const paymentSchema = z.strictObject({
  amountMinor: z
    .int('Must be a whole number of minor units (cents)')
    .min(1, 'At least 0.01')
    .max(loanLimits.maxMinor, 'At most 1,000,000.00'),
})
export type PaymentOrder = z.infer<typeof paymentSchema>

export type PaymentStatus = 'pending' | 'processing' | 'cleared' | 'failed'
export const finalPaymentStatuses: readonly PaymentStatus[] = ['cleared', 'failed']

export type WirePayment = {
  id: string
  loanId: string
  status: PaymentStatus
  amountMinor: number
  createdAt: string
  /** Why it failed, in a sentence. */
  failure?: string
  cursor: string
}

export type WireStage = { status: LoanStatus; at: string; note?: string }

/** `dueMinor` is what is still owed; present once the loan is paid out. */
export type WireLoan = {
  id: string
  status: LoanStatus
  amountMinor: number
  currency: (typeof currencies)[number]
  purpose: string
  termMonths: number
  instalmentMinor: number
  outstandingMinor: number
  applicant: Person
  createdAt: string
  stages: WireStage[]
  /** The newest, newest first: 50 of a loan, 10 of each in a list. */
  payments: WirePayment[]
  /** Where `GET /api/loans/{id}/payments` goes on from; absent when these are all. */
  paymentsNextBefore?: string
  cursor: string
}

export type WirePaymentList = { items: WirePayment[]; nextBefore: string | null }
export type WireLoanList = { items: WireLoan[]; nextBefore: string | null }

// ---- The feed

export type Person = { id: string; name: string; handle: string }

export const postLimits = { maxBody: 1_000, maxComment: 500 } as const
export const postSchema = z.strictObject({ body: text(postLimits.maxBody) })
export const commentSchema = z.strictObject({ body: text(postLimits.maxComment) })

const excerptCodePoints = 120

/** The beginning of a text, at most 120 characters, the ellipsis included. */
export function excerptOf(text: string): string {
  const characters = [...text]
  if (characters.length <= excerptCodePoints) return text
  const beginning = characters.slice(0, excerptCodePoints - 1).join('')
  return `${beginning.trimEnd()}…`
}

export type WireComment = { id: number; postId: number; author: Person; body: string; at: string }

/** `comments` are the newest few, oldest first; `commentCount` counts all. `likedByMe` is the reader's own. */
export type WirePost = {
  id: number
  author: Person
  body: string
  at: string
  likes: number
  likedByMe: boolean
  commentCount: number
  comments: WireComment[]
}

/** Newest first. `cursor` is the place on the stream `feed` from which the list goes on live. */
export type WirePostList = { items: WirePost[]; cursor: string; nextBefore: string | null }
export type WireCommentList = { items: WireComment[]; nextBefore: string | null }
export type WirePeople = { items: Person[] }

/** What the stream `feed` carries, by the entry's type. `likes` and `commentCount` are absolute. */
export type FeedEntryData = {
  'post.created': { post: Omit<WirePost, 'likedByMe'> }
  'post.liked': { postId: number; likes: number; by: string }
  'post.unliked': { postId: number; likes: number; by: string }
  'comment.created': { postId: number; commentCount: number; comment: WireComment }
}

// ---- Notifications

export const notificationKinds = [
  'like',
  'comment',
  'mention',
  'loan',
  'payment',
  'sign-in',
  'alert',
  'invitation',
  'order',
] as const
export type NotificationKind = (typeof notificationKinds)[number]

/** What a notification tells, by its kind. `excerpt` is the beginning of a text, 120 characters at most. */
export type NotificationData = {
  like: { postId: number; excerpt: string; by: Person }
  comment: { postId: number; commentId: number; excerpt: string; by: Person }
  mention: { excerpt: string; by: Person } & (
    | { postId: number; commentId?: number }
    | { roomId: string; roomName: string; seq?: number }
  )
  loan: { loanId: string; status: LoanStatus; note?: string }
  payment: {
    loanId: string
    paymentId: string
    status: PaymentStatus
    amountMinor: number
    currency: (typeof currencies)[number]
  }
  'sign-in': { device: string }
  alert: { alertId: number; title: string; body: string }
  invitation: { roomId: string; roomName: string; by: Person }
  /** A limit order that rested has been filled. */
  order: { orderId: string; symbol: string; side: 'buy' | 'sell'; quantity: number; priceMinor: number }
}

export type Notice = {
  [Kind in NotificationKind]: { kind: Kind; data: NotificationData[Kind] }
}[NotificationKind]

/** `seq` is that of the entry which made it, on the reader's `user:` stream. */
export type WireNotification = { seq: number; at: string; readAt: string | null } & Notice

/** Newest first. `cursor` is the place on the `user:` stream from which the list goes on live. */
export type WireNotificationList = {
  items: WireNotification[]
  unread: number
  cursor: string
  nextBefore: string | null
}

/** How many are unread where the `user:` stream stands at `cursor`. */
export type WireUnread = { unread: number; cursor: string }

/** What a `user:` stream carries, by the entry's type. `unread` is the absolute count after it. */
export type UserEntryData = {
  'notification.made': Notice & { unread: number }
  'notification.withdrawn': { seq: number; unread: number }
  'notification.read': { readAt: string; unread: number } & ({ upTo: number } | { seqs: number[] })
}

/** All up to `upTo`, or single ones. */
export const readSchema = z.union([
  z.strictObject({ upTo: z.int().min(0) }),
  z.strictObject({ seqs: z.array(z.int().min(1)).min(1).max(300) }),
])
export type ReadOrder = z.infer<typeof readSchema>

/** Which kinds the reader wants. One that a client does not know of yet is wanted. */
export type Preferences = Record<NotificationKind, boolean>
export const preferencesSchema = z.strictObject({
  ...(Object.fromEntries(notificationKinds.map((kind) => [kind, z.boolean()])) as Record<
    NotificationKind,
    z.ZodBoolean
  >),
  invitation: z.boolean().default(true),
  order: z.boolean().default(true),
})

export const alertSchema = z.strictObject({ title: nameText(80), body: text(500) })
/** A message of an officer to everybody; `sent` grows until `done`. */
export type WireAlert = { id: number; title: string; body: string; at: string; sent: number; done: boolean }
export type WireAlertList = { items: WireAlert[]; nextBefore: string | null }

// ---- What the wire drawer asks for

/** The server's own counts of one exchange: bytes on the socket with headers, database queries. */
export type WireExchange = {
  requestId: string
  method: string
  path: string
  status: number
  at: string
  durationMs: number
  bytesIn: number
  bytesOut: number
  queries: number
  /** True while a stream is open: its bytes still grow. */
  open?: boolean
  /** The `Last-Event-ID` with which a stream was resumed. */
  lastEventId?: string
  /** Of a WebSocket: what Engine.IO calls it in its open packet. */
  socketId?: string
  /** Of a WebSocket: the headers of its upgrade that tell something, as the server got and sent them. */
  handshake?: { request: [name: string, value: string][]; response: [name: string, value: string][] }
}
export type WireExchanges = { exchanges: WireExchange[] }

// ---- Signing up and in (better-auth checks the rest)

export const signUpSchema = z.looseObject({
  name: nameText(80),
  email: z.email('Not an e-mail address').max(254),
  password: z.string().min(8, 'At least 8 characters').max(128, 'At most 128 characters'),
})
export const signInSchema = z.looseObject({ email: z.string().max(254), password: z.string().max(128) })

/** An object whose own texts Postgres can store. */
export const storableSchema = z.record(
  z.string(),
  z
    .unknown()
    .refine((v) => typeof v !== 'string' || isStorable(v), 'Contains a character that cannot be stored'),
)
