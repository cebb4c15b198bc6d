import type { Logger } from 'pino'
import type { Auth } from '#server/accounts/auth.ts'
import type { PasswordHashing } from '#server/accounts/password-hashing.ts'
import type { Sessions } from '#server/accounts/sessions.ts'
import type { Memberships } from '#server/chat/memberships.ts'
import type { RoomBook } from '#server/chat/room-book.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import type { Database } from '#server/database/pool.ts'
import type { WriteProbe } from '#server/database/write-probe.ts'
import type { PriceFlows } from '#server/deliver/ticks.ts'
import type { Env } from '#server/env.ts'
import type { PostBook } from '#server/feed/post-book.ts'
import type { LoanBook } from '#server/loans/loan-book.ts'
import type { Statuses } from '#server/loans/statuses.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { Ringer } from '#server/notifications/create-bell.ts'
import type { Pulse } from '#server/pulse/pulse.ts'
import type { Runs } from '#server/runs/create-runs.ts'
import type { InstrumentList } from '#server/trading/list-instruments.ts'
import type { PriceBoard } from '#server/trading/price-board.ts'
import type { TradeBook } from '#server/trading/trade-book.ts'
import type { EventStreams } from './event-streams.ts'
import type { Exchanges } from './exchanges.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Presence } from './presence.ts'
import type { Sockets } from './sockets.ts'
import type { Waiters } from './waiters.ts'

/** What the routes work with. `main.ts` builds it once. */
export type Context = {
  env: Env
  logger: Logger
  database: Database
  clock: DatabaseClock
  log: PostgresLog
  feeds: Feeds
  pulse: Pulse
  auth: Auth
  hashing: PasswordHashing
  sessions: Sessions
  book: LoanBook
  posts: PostBook
  bell: Ringer
  rooms: RoomBook
  memberships: Memberships
  statuses: Statuses
  limits: Limits
  metrics: Metrics
  waiters: Waiters
  streams: EventStreams
  sockets: Sockets
  presence: Presence
  prices: PriceBoard
  priceFlows: PriceFlows
  trading: TradeBook
  instruments: InstrumentList
  runs: Runs
  exchanges: Exchanges
  nextRequestId(): string
  /** Whether this node hears at once what other nodes commit; if not, up to a second late. */
  isListening(): boolean
  writeProbe: WriteProbe
  /** True from the first SIGTERM on. */
  draining(): boolean
}
