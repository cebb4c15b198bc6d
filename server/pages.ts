/**
 * What the pages read. Next loads its own copy of every module, so pages share Postgres with the server and nothing in
 * memory, except for one function that takes what a page has committed.
 */

import { openDatabase } from '#server/database/pool.ts'
import { createAuth } from '#server/domain/accounts/auth.ts'
import { demoPassword, demoPeople as people } from '#server/domain/accounts/demo-people.ts'
import { roomIdPattern } from '#server/domain/chat/chat-deps.ts'
import { listMessages } from '#server/domain/chat/list-messages.ts'
import { listRooms } from '#server/domain/chat/list-rooms.ts'
import { readRoom } from '#server/domain/chat/read-room.ts'
import { RoomNotFound } from '#server/domain/chat/refusals.ts'
import { parsePostId } from '#server/domain/feed/feed-deps.ts'
import { listPosts, readPost } from '#server/domain/feed/list-posts.ts'
import { listLoans } from '#server/domain/loans/list-loans.ts'
import { idPattern } from '#server/domain/loans/loan-deps.ts'
import { readLoan } from '#server/domain/loans/read-loan.ts'
import { listNotifications } from '#server/domain/notifications/list-notifications.ts'
import { readPreferences } from '#server/domain/notifications/preferences.ts'
import { instruments } from '#server/domain/trading/instruments.ts'
import { createInstrumentList } from '#server/domain/trading/list-instruments.ts'
import { listOrders } from '#server/domain/trading/list-orders.ts'
import { createPriceBoard } from '#server/domain/trading/price-board.ts'
import { readAccount } from '#server/domain/trading/read-account.ts'
import { readCandles } from '#server/domain/trading/read-candles.ts'
import { readEnv } from '#server/env.ts'

import { readRunHead } from '#server/lab/runs/read-run.ts'
import { handOverCommit } from '#server/log/commits-of-pages.ts'
import { createLogWriter } from '#server/log/log-writer.ts'
import type { WireMessageList, WireRoomDetail, WireRoomList } from '#server/protocol/chat.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import type {
  CandleInterval,
  WireAccount,
  WireCandleList,
  WireInstrument,
  WireOrderList,
} from '#server/protocol/trading.ts'
import { timeOf } from './database/clock.ts'
import { listAlerts } from './domain/alerts/alerts.ts'
import type { WirePost, WirePostList } from './protocol/feed.ts'
import type { LoanStatus, WireLoan, WireLoanList } from './protocol/loans.ts'
import type { Preferences, WireAlertList, WireNotificationList } from './protocol/notifications.ts'
import type { Role, Viewer } from './protocol/people.ts'

type Source = ReturnType<typeof openSource>

// Hot reload evaluates this module repeatedly; it must not open another pool each time.
const kept = globalThis as { wiresidePages?: Source }

function source(): Source {
  kept.wiresidePages ??= openSource()
  return kept.wiresidePages
}

function openSource() {
  const env = readEnv()
  const database = openDatabase(env.DATABASE_URL ?? '', {
    connections: { transactions: 1, statements: 3 },
    limits: { lockMs: env.LOCK_TIMEOUT_MS, statementMs: env.STATEMENT_TIMEOUT_MS },
    // The first page loads its modules while it connects, which alone can take seconds on a busy machine.
    connectWithinMs: 15_000,
    // Nothing outside Next's copy of this module can close this pool.
    endsWithProcess: true,
  })
  const { prisma } = database
  const auth = createAuth(prisma, {
    baseUrl: env.BASE_URL,
    secret: env.AUTH_SECRET ?? '',
    trustedOrigins: env.TRUSTED_ORIGINS,
    cookiePrefix: env.COOKIE_PREFIX,
    nowMs: async () => (await timeOf(prisma)).getTime(),
  })
  return { env, prisma, auth, log: createLogWriter(database, handOverCommit) }
}

/**
 * The name of the cookie with the chosen theme: the server renders the theme into the page, so that no other one
 * flashes up first.
 */
export function themeCookie(): string {
  return `${source().env.COOKIE_PREFIX}.theme`
}

/** Who is signed in; `null` for a visitor. Throws while the database is unavailable. */
export async function viewerOf(headers: Headers): Promise<Viewer | null> {
  const cookie = headers.get('cookie')
  if (cookie === null) return null
  const found = await source().auth.api.getSession({ headers: new Headers({ cookie }) })
  if (!found) return null
  const { id, name, email, role } = found.user
  return { id, name, email, role: role === 'officer' ? 'officer' : 'customer' }
}

/** The people who can sign in with one click; none outside demo mode. */
export function demoPeople(): { name: string; email: string; password: string; role: Role }[] {
  if (!source().env.DEMO) return []
  return people.map(({ name, email, role }) => ({ name, email, role, password: demoPassword }))
}

/** The first page of the viewer's loans, newest first; for an officer, of everyone's. */
export async function loansOf(viewer: Viewer): Promise<WireLoanList> {
  const { prisma } = source()
  return listLoans(prisma, await epoch(), viewer.role === 'officer' ? {} : { applicantId: viewer.id })
}

/** A loan that the viewer may see; `null` for any other and for one that does not exist. */
export async function loanFor(viewer: Viewer, id: string): Promise<WireLoan | null> {
  if (!idPattern.test(id)) return null
  const found = await readLoan(source().prisma, await epoch(), id)
  const mine = found && (viewer.role === 'officer' || found.loan.applicant.id === viewer.id)
  return mine ? found.loan : null
}

/** An officer's queue of loans in a status, newest first; empty for anyone else. */
export async function loansInStatus(viewer: Viewer, status: LoanStatus): Promise<WireLoanList> {
  if (viewer.role !== 'officer') return { items: [], nextBefore: null }
  return listLoans(source().prisma, await epoch(), { status })
}

/** The newest page of the viewer's notifications. */
export async function notificationsFor(viewer: Viewer): Promise<WireNotificationList> {
  return listNotifications(source().prisma, await epoch(), viewer.id)
}

/** Which kinds of notification the viewer has turned on. */
export function preferencesOf(viewer: Viewer): Promise<Preferences> {
  return readPreferences(source().prisma, viewer.id)
}

/** The newest page of the feed. */
export async function postsFor(viewer: Viewer): Promise<WirePostList> {
  return listPosts(source().prisma, await epoch(), viewer.id)
}

/** One post; `null` when there is none. */
export async function postFor(viewer: Viewer, id: string): Promise<WirePost | null> {
  const postId = parsePostId(id)
  return postId === undefined ? null : ((await readPost(source().prisma, viewer.id, postId)) ?? null)
}

/** The first page of the rooms that are visible to the viewer, their own before all others. */
export async function roomsFor(viewer: Viewer): Promise<WireRoomList> {
  return listRooms(source().prisma, await epoch(), viewer.id)
}

/** A room as the viewer sees it; `null` for one that is not visible to them or does not exist. */
export async function roomFor(viewer: Viewer, id: string): Promise<WireRoomDetail | null> {
  if (!roomIdPattern.test(id)) return null
  try {
    return await readRoom(source().prisma, await epoch(), viewer.id, id)
  } catch (error) {
    if (error instanceof RoomNotFound) return null
    throw error
  }
}

/**
 * A room that the viewer is in, with its newest messages; without `messages` if they are not a member (yet).
 *
 * The messages are read first: what happens between the two reads is then received twice, which is harmless.
 */
export async function openRoomFor(
  viewer: Viewer,
  id: string,
): Promise<{ room: WireRoomDetail; messages?: WireMessageList } | null> {
  if (!roomIdPattern.test(id)) return null
  const messages = await listMessages(source().prisma, await epoch(), id)
  const room = await roomFor(viewer, id)
  return room && (room.role ? { room, messages } : { room })
}

/** The alerts that officers have sent to everyone; empty for anyone else. */
export async function alertsOf(viewer: Viewer): Promise<WireAlertList> {
  return viewer.role === 'officer' ? listAlerts(source().prisma) : { items: [], nextBefore: null }
}

/**
 * All instruments at the price of their newest stored candle. The live connection brings newer prices a moment later.
 */
export function instrumentsNow(): Promise<WireInstrument[]> {
  const noTicks = createPriceBoard(instruments.map(({ symbol }) => symbol))
  return createInstrumentList(source().prisma, noTicks)()
}

/** The newest candles of a symbol. */
export function candlesOf(symbol: string, interval: CandleInterval): Promise<WireCandleList> {
  return readCandles(source().prisma, { symbol, interval })
}

/** The viewer's account, opened if it does not exist yet. */
export async function accountFor(viewer: Viewer): Promise<WireAccount> {
  const { prisma, log } = source()
  const now = await epoch()
  return readAccount({ ...log, epoch: () => now }, prisma, viewer.id)
}

/** The newest page of the viewer's orders. */
export function ordersFor(viewer: Viewer): Promise<WireOrderList> {
  return listOrders(source().prisma, viewer.id)
}

/** A run of the lab without its report; `null` when no run has this id. Anyone may read it. */
export function runFor(id: string): Promise<WireRun | null> {
  return readRunHead(source().prisma, id)
}

async function epoch(): Promise<string> {
  const row = await source().prisma.logEpoch.findFirst()
  return row?.epoch ?? ''
}
