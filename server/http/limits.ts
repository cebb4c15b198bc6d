import { createHmac, createSecretKey } from 'node:crypto'
import { networkOf } from '#server/connections/network.ts'
import type { Env } from '#server/env.ts'
import { Refusal } from './problem.ts'
import { createBurstRate, createRate, type Rate, type SharedCounts } from './rates.ts'

export type Limits = {
  /**
   * Throws 429 when too many sign-ins were tried from this address in the last minute, or those to this account from
   * this address have failed too often. Whether there is such an account makes no difference.
   */
  countSignIn(email: string, address: string): Promise<void>
  /** The one that was counted did not fail. */
  forgiveSignIn(email: string, address: string): Promise<void>
  /** Throws 429 when too many accounts were made from this address in the last minute. */
  countSignUp(address: string): Promise<void>
  /** Throws 429 when this user has done so too often in the last minute; orders: in the last second. */
  count(verb: RatedVerb, userId: string): Promise<void>
  /** What was counted was a retry of what had been done. */
  uncount(verb: RatedVerb, userId: string): Promise<void>
  /** Throws 429 when this user has sent `CHAT_BURST` messages at once, or more than `CHAT_PER_SECOND` after that. */
  countMessage(userId: string): Promise<void>
  uncountMessage(userId: string): Promise<void>
  /** The same, counted apart, for the word that they are typing: each goes to everybody in a room. */
  countTyping(userId: string): Promise<void>
  /** How often this node counted by itself because Redis was of no use; 0 without one. */
  countedLocally(): number
}

/** What a user may do so often a minute: each verb that writes. Orders are counted by the second. */
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
  | 'order'

/**
 * What a user or an address may do in a time, by the settings: on all nodes together with Redis, else on each. A Redis
 * that does not answer leaves each node to count by itself, as without it.
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
    order: createRate('order', { points: env.ORDERS_PER_SECOND, seconds: 1 }, shared),
  }
  const chat = { burst: env.CHAT_BURST, perSecond: env.CHAT_PER_SECOND }
  const messages = createBurstRate('message', chat, shared)
  const typing = createBurstRate('typing', chat, shared)
  // A key of its own: the secret signs cookies, and what is digested here is what a stranger writes.
  const digestKey =
    together && createSecretKey(createHmac('sha256', together.secret).update('wireside rates').digest())
  /** Where somebody signs in from is nobody's business who can read Redis. */
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
