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
  /** The database clock's time, in epoch ms. */
  nowMs(): number | Promise<number>
  /** Needed where sign-in is served; a page only reads sessions. */
  hashing?: PasswordHashing
}

const days = 24 * 60 * 60

/**
 * better-auth on Prisma: sign-up, sign-in, sign-out and the list of sessions, under `/api/auth`.
 *
 * A session lasts 30 days and is never extended, so its end is known from the start without a query. Its expiry is
 * converted to this machine's clock (see `byTheMachine`). The cookie cache stays off because it keeps revoked sessions
 * alive. Rates are limited in `http/limits.ts`.
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
    // Postgres numbers a handle that is taken, but it cannot recognise letters of every script, so the name is parsed
    // here.
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
    // Errors that are not refusals (Postgres unavailable) reach our handler; by default better-auth logs them and sends
    // a bare 500.
    onAPIError: { throw: true },
    advanced: {
      // http/origin.ts checks the origin of every unsafe request, including these.
      disableCSRFCheck: true,
      cookiePrefix,
      useSecureCookies: baseUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: ['x-wireside-address'] },
    },
  })
}

/**
 * better-auth compares `expiresAt` with this machine's clock and deletes expired sessions. Session ends are stored by
 * the database's clock, so they are shifted by the difference; otherwise it would delete sessions that are still valid.
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
