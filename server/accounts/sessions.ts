import { LRUCache } from 'lru-cache'
import type { Listener } from '#server/database/listener.ts'
import type { Database } from '#server/database/pool.ts'
import type { Auth } from './auth.ts'
import { type Session, sessionCookieReader, viewerOf } from './session.ts'

export type Watcher = { sessionEnded(): void }

export type Sessions = {
  /** The session of a `Cookie` header if this process knows it: no I/O. */
  known(cookieHeader: string | undefined): Session | undefined
  /** The session of a `Cookie` header, asked of Postgres the first time; undefined when there is none. */
  find(cookieHeader: string | undefined): Promise<Session | undefined>
  /** Calls the watcher's `sessionEnded` once when the session is revoked, signed out or expires. */
  watch(session: Session, watcher: Watcher): void
  unwatch(session: Session, watcher: Watcher): void
  /** Learns now which sessions ended. Before the answer to a sign-out is sent, this makes its promise true. */
  check(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

const rememberedSessions = 100_000
const rememberedEnds = 10_000

/**
 * The sessions that this process knows, so that a poll costs no session query.
 *
 * Triggers on the session and user tables write each end into `session_end` and notify it; a check every
 * `checkMs` heals what the notification lost.
 */
export function createSessions(
  { prisma }: Database,
  listener: Listener,
  auth: Auth,
  { checkMs }: { checkMs: number },
): Sessions {
  const byCookie = new LRUCache<string, Session>({ max: rememberedSessions })
  const cookieOf = new LRUCache<string, string>({ max: rememberedSessions })
  const ended = new LRUCache<string, true>({ max: rememberedEnds })
  const watched = new Map<string, { expiresAtMs: number; watchers: readonly Watcher[] }>()
  let sessionCookie = sessionCookieReader('')
  let horizon = '0'
  let timer: NodeJS.Timeout | undefined
  let checking: Promise<void> | undefined
  let closed = false

  function end(sessionId: string) {
    ended.set(sessionId, true)
    const cookie = cookieOf.get(sessionId)
    if (cookie !== undefined) byCookie.delete(cookie)
    cookieOf.delete(sessionId)
    const watchers = watched.get(sessionId)?.watchers ?? []
    watched.delete(sessionId)
    for (const watcher of watchers) watcher.sessionEnded()
  }

  function known(cookieHeader: string | undefined): Session | undefined {
    const cookie = sessionCookie(cookieHeader)
    const session = cookie === undefined ? undefined : byCookie.get(cookie)
    return session && session.expiresAtMs > Date.now() ? session : undefined
  }

  async function find(cookieHeader: string | undefined): Promise<Session | undefined> {
    const cookie = sessionCookie(cookieHeader)
    if (cookie === undefined) return undefined
    const remembered = known(cookieHeader)
    if (remembered) return remembered
    const found = await auth.api.getSession({ headers: new Headers({ cookie }) })
    if (!found) return undefined
    const { session, user } = found
    const role = user.role === 'officer' ? 'officer' : 'customer'
    const fresh: Session = {
      id: session.id,
      userId: user.id,
      name: user.name,
      email: user.email,
      role,
      viewer: viewerOf(user.id, role),
      expiresAtMs: session.expiresAt.getTime(),
    }
    // Ended while it was being looked up: the answer is older than the end.
    if (ended.has(session.id)) return undefined
    byCookie.set(cookie, fresh)
    cookieOf.set(session.id, cookie)
    return fresh
  }

  async function look() {
    const rows = await prisma.$queryRaw<{ horizon: string; sessionId: string | null }[]>`
      SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon, e."sessionId"
      FROM (SELECT 1) AS one LEFT JOIN session_end e ON e.xid >= ${horizon}::xid8`
    horizon = rows[0]?.horizon ?? horizon
    for (const { sessionId } of rows) if (sessionId !== null && !ended.has(sessionId)) end(sessionId)
    const nowMs = Date.now()
    for (const [id, { expiresAtMs }] of watched) if (expiresAtMs <= nowMs) end(id)
  }

  function check(): Promise<void> {
    // A check that already runs may have read before the caller's commit: the caller needs the next one.
    const next = (checking ?? Promise.resolve()).catch(() => undefined).then(look)
    checking = next
    return next
  }

  async function tick() {
    try {
      await check()
    } catch {
      // Postgres is away; nothing can be appended meanwhile, and the next tick reads from the same horizon.
    }
    if (!closed) timer = setTimeout(tick, checkMs)
  }

  return {
    known,
    find,
    watch({ id, expiresAtMs }, watcher) {
      watched.set(id, { expiresAtMs, watchers: [...(watched.get(id)?.watchers ?? []), watcher] })
      if (ended.has(id)) end(id)
    },
    unwatch({ id, expiresAtMs }, watcher) {
      const left = watched.get(id)?.watchers.filter((other) => other !== watcher) ?? []
      if (left.length === 0) watched.delete(id)
      else watched.set(id, { expiresAtMs, watchers: left })
    },
    check,
    async start() {
      const { authCookies } = await auth.$context
      sessionCookie = sessionCookieReader(authCookies.sessionToken.name)
      const [now] = await prisma.$queryRaw<{ horizon: string }[]>`
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon`
      horizon = now?.horizon ?? '0'
      listener.on('wireside_session', end)
      listener.onConnect(check)
      timer = setTimeout(tick, checkMs)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await checking?.catch(() => undefined)
    },
  }
}
