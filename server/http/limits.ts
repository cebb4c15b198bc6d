import { createHmac, createSecretKey } from 'node:crypto'
import { networkOf } from '#server/connections/network.ts'
import type { Env } from '#server/env.ts'
import { Refusal } from './problem.ts'
import { createBurstRate, createRate, type Rate, type SharedCounts } from './rates.ts'

export type Limits = {
  /**
   * Throws 429 when there were too many sign-in attempts from this address in the last minute, or too many failed ones
   * to this account from this address, whether or not the account exists.
   */
  countSignIn(email: string, address: string): Promise<void>
  /** Uncounts a failure: the attempt has not failed. */
  forgiveSignIn(email: string, address: string): Promise<void>
  /** Throws 429 when too many accounts were created from this address in the last minute. */
  countSignUp(address: string): Promise<void>
  /** Throws 429 when too many events were sent to the public stream from this address in the last minute. */
  countPulse(address: string): Promise<void>
  /** Throws 429 when this user has done this too often in the last minute (orders: in the last second). */
  count(verb: RatedVerb, userId: string): Promise<void>
  /** Uncounts a retry of something already done. */
  uncount(verb: RatedVerb, userId: string): Promise<void>
  /** Throws 429 when this user has sent `CHAT_BURST` messages at once, or more than `CHAT_PER_SECOND` after that. */
  countMessage(userId: string): Promise<void>
  uncountMessage(userId: string): Promise<void>
  /** The same, counted separately, for typing notices: each is sent to everyone in the room. */
  countTyping(userId: string): Promise<void>
  /** How often this node counted by itself because Redis failed; 0 without Redis. */
  countedLocally(): number
}

/** Writes that are limited per user and minute; orders per second. */
export type RatedVerb =
  | 'loan'
  | 'payment'
  | 'decision'
  | 'withdrawal'
  | 'post'
  | 'comment'
  | 'like'
  | 'alert'
  | 'room'
  | 'invitation'
  | 'departure'
  | 'message-change'
  | 'read'
  | 'preference-change'
  | 'session-change'
  | 'name-change'
  | 'password-change'
  | 'order'

/**
 * The rate limits of users and addresses, from the settings: shared by all nodes with Redis, otherwise per node. While
 * Redis does not respond, each node counts by itself.
 */
export function createLimits(
  env: Env,
  together?: Omit<SharedCounts, 'countedLocally'> & { secret: string },
): Limits {
  let countedLocally = 0
  const shared: SharedCounts | undefined = together && {
    ...together,
    countedLocally: () => {
      countedLocally += 1
    },
  }
  const perMinute = (name: string, points: number) => createRate(name, { points, seconds: 60 }, shared)
  const failures = perMinute('sign-in-failure', env.SIGN_IN_FAILURES_PER_MINUTE)
  const signIns = perMinute('sign-in', env.SIGN_INS_PER_MINUTE)
  const signUps = perMinute('sign-up', env.SIGN_UPS_PER_MINUTE)
  const pulses = perMinute('pulse', env.PULSES_PER_MINUTE)
  const verbs: Record<RatedVerb, Rate> = {
    loan: perMinute('loan', env.LOANS_PER_MINUTE),
    payment: perMinute('payment', env.PAYMENTS_PER_MINUTE),
    decision: perMinute('decision', env.DECISIONS_PER_MINUTE),
    withdrawal: perMinute('withdrawal', env.LOANS_PER_MINUTE),
    post: perMinute('post', env.POSTS_PER_MINUTE),
    comment: perMinute('comment', env.COMMENTS_PER_MINUTE),
    like: perMinute('like', env.LIKES_PER_MINUTE),
    alert: perMinute('alert', env.ALERTS_PER_MINUTE),
    room: perMinute('room', env.ROOMS_PER_MINUTE),
    invitation: perMinute('invitation', env.INVITATIONS_PER_MINUTE),
    departure: perMinute('departure', env.DEPARTURES_PER_MINUTE),
    'message-change': perMinute('message-change', env.MESSAGE_CHANGES_PER_MINUTE),
    read: perMinute('read', env.READS_PER_MINUTE),
    'preference-change': perMinute('preference-change', env.PREFERENCE_CHANGES_PER_MINUTE),
    'session-change': perMinute('session-change', env.SESSION_CHANGES_PER_MINUTE),
    'name-change': perMinute('name-change', env.ACCOUNT_CHANGES_PER_MINUTE),
    'password-change': perMinute('password-change', env.ACCOUNT_CHANGES_PER_MINUTE),
    order: createRate('order', { points: env.ORDERS_PER_SECOND, seconds: 1 }, shared),
  }
  const chat = { burst: env.CHAT_BURST, perSecond: env.CHAT_PER_SECOND }
  const messages = createBurstRate('message', chat, shared)
  const typing = createBurstRate('typing', chat, shared)
  // A derived key, because the secret signs cookies, and the input of these digests comes from strangers.
  const digestKey =
    together && createSecretKey(createHmac('sha256', together.secret).update('wireside rates').digest())
  /** Addresses of sign-ins must not be readable in Redis. */
  const digest = (text: string) =>
    digestKey ? createHmac('sha256', digestKey).update(text).digest('base64url') : text
  const addressKey = (address: string) => digest(networkOf(address))
  const accountKey = (email: string, address: string) =>
    digest(`${networkOf(address)} ${email.trim().toLowerCase()}`)

  return {
    async countSignIn(email, address) {
      await count(signIns, addressKey(address))
      await count(failures, accountKey(email, address))
    },
    forgiveSignIn: (email, address) => failures.give(accountKey(email, address)),
    countSignUp: (address) => count(signUps, addressKey(address)),
    countPulse: (address) => count(pulses, addressKey(address)),
    count: (verb, userId) => count(verbs[verb], userId),
    uncount: (verb, userId) => verbs[verb].give(userId),
    countMessage: (userId) => count(messages, userId),
    uncountMessage: (userId) => messages.give(userId),
    countTyping: (userId) => count(typing, userId),
    countedLocally: () => countedLocally,
  }
}

async function count(rate: Rate, key: string): Promise<void> {
  const waitMs = await rate.take(key)
  if (waitMs > 0) throw tooMany(waitMs)
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return new Refusal('rate-limited', `Try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  })
}
