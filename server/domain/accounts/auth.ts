import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { machineAheadMs } from '#server/database/clock.ts'
import { handleFrom } from '#server/protocol/handles.ts'
import type { PasswordHashing } from './password-hashing.ts'

export type Auth = ReturnType<typeof createAuth>

type Options = {
  baseUrl: string
  secret: string
  trustedOrigins: string[]
  cookiePrefix: string
  /** The time by the database's clock, in epoch ms. */
  nowMs(): number | Promise<number>
  /** Of who serves sign-in; a page only reads sessions. */
  hashing?: PasswordHashing
}

const days = 24 * 60 * 60

/**
 * better-auth on Prisma: sign-up, sign-in, sign-out and the list of sessions, under `/api/auth`.
 *
 * A session lasts 30 days and is never prolonged, so its end is known when it begins and needs no query to ask.
 * What it gives ends by this machine's clock (see `byTheMachine`). The cookie cache stays off: it keeps a revoked session alive. Rates are limited in `http/limits.ts`.
 */
export function createAuth(prisma: PrismaClient, options: Options) {
  const { baseUrl, secret, trustedOrigins, cookiePrefix, nowMs, hashing } = options
  return betterAuth({
    appName: 'Wireside',
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins,
    database: prismaAdapter(byTheMachine(prisma, nowMs), { provider: 'postgresql' }),
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'customer' },
        handle: { type: 'string', input: false, required: false },
      },
    },
    // Postgres numbers a handle that is taken; it cannot tell the letters of every script, so the name is read here.
    databaseHooks: {
      user: { create: { before: async (user) => ({ data: { ...user, handle: handleFrom(user.name) } }) } },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      ...(hashing && { password: { hash: hashing.hash, verify: hashing.verify } }),
    },
    session: { expiresIn: 30 * days, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // What is no refusal (Postgres is away) comes to us as it is; by default it goes to the console as a bare 500.
    onAPIError: { throw: true },
    advanced: {
      // http/origin.ts judges the origin of every unsafe request, these among them.
      disableCSRFCheck: true,
      cookiePrefix,
      useSecureCookies: baseUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: ['x-wireside-address'] },
    },
  })
}

/**
 * better-auth compares the end of a session with this machine's clock, and deletes what has ended. It is shown ends by
 * that clock, so that it ends none that is still valid by the database's, by which they are stored.
 */
function byTheMachine(prisma: PrismaClient, nowMs: Options['nowMs']) {
  return prisma.$extends({
    query: {
      session: {
        async findFirst({ args, query }) {
          const [session, now] = await Promise.all([query(args), nowMs()])
          const aheadMs = machineAheadMs(now)
          const endsAt: unknown = session?.expiresAt
          if (!(endsAt instanceof Date) || aheadMs === 0) return session
          return { ...session, expiresAt: new Date(endsAt.getTime() + aheadMs) }
        },
      },
    },
  })
}
