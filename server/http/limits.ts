import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Env } from '#server/env.ts'
import { Bucket } from './bucket.ts'
import { Refusal } from './problem.ts'

export type Limits = {
  /** Throws 429 when signing in to this account from this address has failed too often in the last minute. */
  countSignIn(email: string, address: string): Promise<void>
  /** The one that was counted did not fail. */
  forgiveSignIn(email: string, address: string): Promise<void>
  /** Throws 429 when too many accounts were made from this address in the last minute. */
  countSignUp(address: string): Promise<void>
  /** Throws 429 when this user has done so too often in the last minute. */
  count(doing: Doing, userId: string): Promise<void>
  /** Throws 429 when this user has sent `CHAT_BURST` messages at once, or more than `CHAT_PER_SECOND` after that. */
  countMessage(userId: string): void
  /** The same, counted apart, for the word that they are typing: each goes to everybody in a room. */
  countTyping(userId: string): void
  /** Throws 429 when this user has placed or cancelled too many orders in the last second. */
  countOrder(userId: string): Promise<void>
}

/** What a user may do so often a minute. */
export type Doing = 'post' | 'comment' | 'like' | 'alert' | 'room' | 'invitation' | 'message-change'

const minute = 60
const rememberedChatters = 100_000

/** The rates of DESIGN section 6, in memory: with several nodes they move to Redis, behind the same class. */
export function createLimits(env: Env): Limits {
  const failures = new RateLimiterMemory({ points: env.SIGN_IN_FAILURES_PER_MINUTE, duration: minute })
  const signUps = new RateLimiterMemory({ points: env.SIGN_UPS_PER_MINUTE, duration: minute })
  const doings: Record<Doing, RateLimiterMemory> = {
    post: new RateLimiterMemory({ points: env.POSTS_PER_MINUTE, duration: minute }),
    comment: new RateLimiterMemory({ points: env.COMMENTS_PER_MINUTE, duration: minute }),
    like: new RateLimiterMemory({ points: env.LIKES_PER_MINUTE, duration: minute }),
    alert: new RateLimiterMemory({ points: env.ALERTS_PER_MINUTE, duration: minute }),
    room: new RateLimiterMemory({ points: env.ROOMS_PER_MINUTE, duration: minute }),
    invitation: new RateLimiterMemory({ points: env.INVITATIONS_PER_MINUTE, duration: minute }),
    'message-change': new RateLimiterMemory({ points: env.MESSAGE_CHANGES_PER_MINUTE, duration: minute }),
  }
  const messages = new LRUCache<string, Bucket>({ max: rememberedChatters })
  const typing = new LRUCache<string, Bucket>({ max: rememberedChatters })
  const orders = new RateLimiterMemory({ points: env.ORDERS_PER_SECOND, duration: 1 })

  function take(buckets: LRUCache<string, Bucket>, userId: string) {
    const now = performance.now()
    const bucket = buckets.get(userId) ?? new Bucket(env.CHAT_BURST, env.CHAT_PER_SECOND, now)
    buckets.set(userId, bucket)
    const waitMs = bucket.msUntil(1, now)
    if (waitMs > 0) throw tooMany(waitMs)
    bucket.take(now)
  }

  return {
    countSignIn: (email, address) => count(failures, keyOf(email, address)),
    async forgiveSignIn(email, address) {
      await failures.reward(keyOf(email, address))
    },
    countSignUp: (address) => count(signUps, address),
    count: (doing, userId) => count(doings[doing], userId),
    countMessage: (userId) => take(messages, userId),
    countTyping: (userId) => take(typing, userId),
    countOrder: (userId) => count(orders, userId),
  }
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(refused.msBeforeNext) : refused
  }
}

function keyOf(email: string, address: string): string {
  return `${address} ${email.trim().toLowerCase()}`
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return new Refusal('rate-limited', `Try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  })
}
