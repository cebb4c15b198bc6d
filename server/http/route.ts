import type { RequestListener, Server } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Meter } from '#server/connections/exchanges.ts'
import type { Session } from '#server/domain/accounts/session.ts'
import type { ProcessRole } from '#server/env.ts'

declare module 'fastify' {
  interface FastifyRequest {
    meter: Meter
    session: Session | undefined
  }
  interface FastifyContextConfig {
    /** The role that serves it; processes without that role respond 404. Undefined: every process serves it. */
    role?: ProcessRole
  }
}

type Incoming = Parameters<RequestListener>

export type Api = FastifyInstance<Server, Incoming[0], Incoming[1]>

/**
 * Adds the routes of one topic. Requests are typed by their zod schemas; `Deps` is the part of the context they use.
 */
export type Routes<Deps> = (
  api: FastifyInstance<Server, Incoming[0], Incoming[1], FastifyBaseLogger, ZodTypeProvider>,
  deps: Deps,
) => void
