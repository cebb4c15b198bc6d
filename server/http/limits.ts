import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { networkOf } from '#server/connections/network.ts'
import { TokenBucket } from '#server/connections/token-bucket.ts'
import type { Env } from '#server/env.ts'
import { Refusal } from './problem.ts'

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
  count(doing: RatedVerb, userId: string): Promise<void>
  /** What was counted was a retry of what had been done. */
  uncount(doing: RatedVerb, userId: string): Promise<void>
  /** Throws 429 when this user has sent `CHAT_BURST` messages at once, or more than `CHAT_PER_SECOND` after that. */
  countMessage(userId: string): void
  uncountMessage(userId: string): void
  /** The same, counted apart, for the word that they are typing: each goes to everybody in a room. */
  countTyping(userId: string): void
}

/** What a user may do so often a minute: each verb that writes. Orders are counted by the second. */
export type RatedVerb =
  | 'loan'
  | 'payment'
  | 'decision'
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

const minute = 60
const rememberedChatters = 100_000

/** What a user or an address may do in a time, by the settings; counted in memory, so each node counts for itself. */
export function createLimits(env: Env): Limits {
  const failures = perMinute(env.SIGN_IN_FAILURES_PER_MINUTE)
  const signIns = perMinute(env.SIGN_INS_PER_MINUTE)
  const signUps = perMinute(env.SIGN_UPS_PER_MINUTE)
  const doings: Record<RatedVerb, RateLimiterMemory> = {
    loan: perMinute(env.LOANS_PER_MINUTE),
    payment: perMinute(env.PAYMENTS_PER_MINUTE),
    decision: perMinute(env.DECISIONS_PER_MINUTE),
    post: perMinute(env.POSTS_PER_MINUTE),
    comment: perMinute(env.COMMENTS_PER_MINUTE),
    like: perMinute(env.LIKES_PER_MINUTE),
    alert: perMinute(env.ALERTS_PER_MINUTE),
    room: perMinute(env.ROOMS_PER_MINUTE),
    invitation: perMinute(env.INVITATIONS_PER_MINUTE),
    departure: perMinute(env.DEPARTURES_PER_MINUTE),
    'message-change': perMinute(env.MESSAGE_CHANGES_PER_MINUTE),
    read: perMinute(env.READS_PER_MINUTE),
    'preference-change': perMinute(env.PREFERENCE_CHANGES_PER_MINUTE),
    'session-change': perMinute(env.SESSION_CHANGES_PER_MINUTE),
    order: new RateLimiterMemory({ points: env.ORDERS_PER_SECOND, duration: 1 }),
  }
  const messages = new LRUCache<string, TokenBucket>({ max: rememberedChatters })
  const typing = new LRUCache<string, TokenBucket>({ max: rememberedChatters })

  function take(buckets: LRUCache<string, TokenBucket>, userId: string) {
    const now = performance.now()
    const bucket = buckets.get(userId) ?? new TokenBucket(env.CHAT_BURST, env.CHAT_PER_SECOND, now)
    buckets.set(userId, bucket)
    const waitMs = bucket.msUntil(1, now)
    if (waitMs > 0) throw tooMany(waitMs)
    bucket.take(now)
  }

  return {
    async countSignIn(email, address) {
      await count(signIns, networkOf(address))
      await count(failures, keyOf(email, address))
    },
    async forgiveSignIn(email, address) {
      await failures.reward(keyOf(email, address))
    },
    countSignUp: (address) => count(signUps, networkOf(address)),
    count: (doing, userId) => count(doings[doing], userId),
    async uncount(doing, userId) {
      await doings[doing].reward(userId)
    },
    countMessage: (userId) => take(messages, userId),
    uncountMessage: (userId) => messages.get(userId)?.give(),
    countTyping: (userId) => take(typing, userId),
  }
}

function perMinute(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: minute })
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(refused.msBeforeNext) : refused
  }
}

function keyOf(email: string, address: string): string {
  return `${networkOf(address)} ${email.trim().toLowerCase()}`
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return new Refusal('rate-limited', `Try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  })
}
