import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import type { PrismaClient } from '#prisma/generated/client.ts'
import { handleFrom } from '#server/protocol/handles.ts'
import type { PasswordHashing } from './password-hashing.ts'

export type Auth = ReturnType<typeof createAuth>

type Options = {
  baseUrl: string
  secret: string
  trustedOrigins: string[]
  cookiePrefix: string
  /** Of who serves sign-in; a page only reads sessions. */
  hashing?: PasswordHashing
}

const days = 24 * 60 * 60

/**
 * better-auth on Prisma: sign-up, sign-in, sign-out and the list of sessions, under `/api/auth`.
 *
 * A session lasts 30 days and is never prolonged, so its end is known when it begins and needs no query to ask.
 * The cookie cache stays off: it keeps a revoked session alive. Rates are limited in `http/limits.ts`.
 */
export function createAuth(prisma: PrismaClient, options: Options) {
  const { baseUrl, secret, trustedOrigins, cookiePrefix, hashing } = options
  return betterAuth({
    appName: 'Wireside',
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins,
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
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
