import { LRUCache } from 'lru-cache'
import type { DatabaseClock } from '#server/database/clock.ts'
import { coalesceReruns } from '#server/database/coalesce-reruns.ts'
import type { Listener } from '#server/database/listener.ts'
import { loadTogether } from '#server/database/load-many.ts'
import type { Database } from '#server/database/pool.ts'
import { withTimeout } from '#server/database/with-timeout.ts'
import type { Role } from '#server/protocol/people.ts'
import type { Auth } from './auth.ts'
import { type SessionRow, sessionLoader } from './load-sessions.ts'
import { type Session, sessionCookieReader, signedToken, viewerOf } from './session.ts'
import { createSessionEnds } from './session-ends.ts'

/** Notified when a session ends. */
type Watcher = { sessionEnded(): void }

export type Sessions = {
  /** The session of a `Cookie` header if this process has it in memory; no I/O. */
  known(cookieHeader: string | undefined): Session | undefined
  /**
   * The session of a `Cookie` header, read from Postgres the first time, batched with concurrent look-ups; undefined
   * when there is none.
   */
  find(cookieHeader: string | undefined): Promise<Session | undefined>
  /** Calls `sessionEnded` once, when the session expires, is revoked or signed out, or changes role. */
  watch(session: Session, watcher: Watcher): void
  unwatch(session: Session, watcher: Watcher): void
  /** Whether every session that ended 2 s ago is known. */
  isSure(): boolean
  /** Undefined while `isSure()`; otherwise a check, which rejects if it cannot be made. */
  sure(): Promise<void> | undefined
  /**
   * Finds the sessions that have ended by now. Awaited before the response to a sign-out, so that the sign-out is in
   * effect once it is sent.
   */
  check(): Promise<void>
  /**
   * Drops everything remembered, because the database was replaced. Watched sessions are looked up before anything else
   * is read; those that are missing, or have another role, have ended.
   */
  forget(): void
  start(): Promise<void>
  close(): Promise<void>
}

const rememberedSessions = 100_000
const rememberedEnds = 10_000
/** Ours have about 150 characters. White space can make a valid one of any length, which is not worth caching. */
const mostCookieChars = 400
const patienceMs = 1_000

/**
 * The sessions known to this process, so that a poll costs no session query.
 *
 * Each is cached by its id, and cookies map to the id: one session can be written as many different cookies, and none
 * may outlive it.
 */
export function createSessions(
  database: Database,
  listener: Listener,
  auth: Auth,
  { checkMs, clock }: { checkMs: number; clock: Pick<DatabaseClock, 'nowMs'> },
): Sessions {
  const idOf = new LRUCache<string, string>({ max: rememberedSessions })
  const byId = new LRUCache<string, Session>({ max: rememberedSessions })
  const endings = new LRUCache<string, number>({ max: rememberedEnds })
  const lookedUp = new WeakMap<Session, number>()
  const watched = new Map<string, Watched>()
  const verifying = coalesceReruns(verify)
  const ends = createSessionEnds(database, listener, { checkMs }, end)
  const rowOf = loadTogether(sessionLoader(database.prisma))
  let sessionCookie = sessionCookieReader('')
  let secret = ''
  let endsSoFar = 0
  /** How many databases this process has seen, and up to which of them the watched sessions were verified. */
  let lives = 1
  let verifiedLives = 1
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function end(sessionId: string) {
    endsSoFar += 1
    endings.set(sessionId, endsSoFar)
    byId.delete(sessionId)
    const gone = watched.get(sessionId)
    watched.delete(sessionId)
    for (const watcher of gone?.watchers ?? []) watcher.sessionEnded()
  }

  /** Whether the session has ended since the `moment`-th end. */
  function hasEndedSince(sessionId: string, moment = 0): boolean {
    return (endings.get(sessionId) ?? 0) > moment
  }

  function known(cookieHeader: string | undefined): Session | undefined {
    return isSure() ? remembered(sessionCookie(cookieHeader)) : undefined
  }

  function remembered(cookie: string | undefined): Session | undefined {
    const id = cookie === undefined ? undefined : idOf.get(cookie)
    const session = id === undefined ? undefined : byId.get(id)
    return session && session.expiresAtMs > clock.nowMs() ? session : undefined
  }

  async function find(cookieHeader: string | undefined): Promise<Session | undefined> {
    const cookie = sessionCookie(cookieHeader)
    if (cookie === undefined) return undefined
    // While Postgres is unavailable, memory has to do: nothing newer can be read either.
    await sure()?.catch(() => undefined)
    return remembered(cookie) ?? lookUp(cookie)
  }

  async function lookUp(cookie: string): Promise<Session | undefined> {
    const token = signedToken(cookie, secret)
    if (token === undefined) return undefined
    const [moment, life] = [endsSoFar, lives]
    const row = await rowOf(token)
    if (!row) return life === lives ? undefined : lookUp(cookie)
    // It ended during the look-up: the row may be older than the end.
    if (hasEndedSince(row.id, moment) || life !== lives) return lookUp(cookie)
    const session = sessionOf(row)
    lookedUp.set(session, moment)
    if (cookie.length <= mostCookieChars) idOf.set(copyOf(cookie), session.id)
    byId.set(session.id, session)
    return session
  }

  function isSure(): boolean {
    return ends.isFresh() && verifiedLives === lives
  }

  function sure(): Promise<void> | undefined {
    return isSure() ? undefined : withTimeout(patienceMs, look())
  }

  async function look() {
    await ends.look()
    if (verifiedLives !== lives) await verifying.run()
  }

  async function verify() {
    const life = lives
    const before = new Map(watched)
    const found = await database.prisma.$queryRaw<{ id: string; userId: string; role: string }[]>`
      SELECT s.id, u.id AS "userId", u.role FROM session s JOIN "user" u ON u.id = s."userId"
      WHERE s.id = ANY(${[...before.keys()]}::text[])`
    const viewers = new Map(found.map(({ id, userId, role }) => [id, viewerOf(userId, roleOf(role))]))
    for (const [id, { viewer }] of before) if (viewers.get(id) !== viewer) end(id)
    verifiedLives = life
  }

  async function check() {
    const nowMs = clock.nowMs()
    for (const [id, { expiresAtMs }] of watched) if (expiresAtMs <= nowMs) end(id)
    await look()
  }

  async function tick() {
    try {
      await check()
    } catch {
      // Postgres is unavailable: nothing can be read meanwhile, and the next tick resumes from the same horizon.
    }
    if (!closed) timer = setTimeout(tick, checkMs)
  }

  return {
    known,
    find,
    watch(session, watcher) {
      const { id, expiresAtMs, viewer } = session
      if (hasEndedSince(id, lookedUp.get(session))) return watcher.sessionEnded()
      const all = watched.get(id) ?? { expiresAtMs, viewer, watchers: new Set() }
      watched.set(id, all)
      all.watchers.add(watcher)
    },
    unwatch({ id }, watcher) {
      const all = watched.get(id)
      all?.watchers.delete(watcher)
      if (all?.watchers.size === 0) watched.delete(id)
    },
    isSure,
    sure,
    check,
    forget() {
      lives += 1
      idOf.clear()
      byId.clear()
    },
    async start() {
      const context = await auth.$context
      secret = context.secret
      sessionCookie = sessionCookieReader(context.authCookies.sessionToken.name)
      await ends.start()
      timer = setTimeout(tick, checkMs)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await Promise.all([ends.idle(), verifying.idle()])
    },
  }
}

type Watched = { expiresAtMs: number; viewer: string; watchers: Set<Watcher> }

/** A slice of a string keeps all of it in memory: here a header, which can be 16 KB. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}

function sessionOf({ id, userId, name, email, role: stored, expiresAt }: SessionRow): Session {
  const role = roleOf(stored)
  return { id, userId, name, email, role, viewer: viewerOf(userId, role), expiresAtMs: expiresAt.getTime() }
}

function roleOf(stored: unknown): Role {
  return stored === 'officer' ? 'officer' : 'customer'
}
