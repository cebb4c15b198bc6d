import type { Logger } from 'pino'
import type { Backplane } from '#server/backplane/backplane.ts'
import type { Redis } from '#server/backplane/redis.ts'
import type { Connections } from '#server/connections/connections.ts'
import type { EventStreams } from '#server/connections/event-streams.ts'
import type { Exchanges } from '#server/connections/exchanges.ts'
import type { HeldRequest } from '#server/connections/held-request.ts'
import type { Presence } from '#server/connections/presence.ts'
import type { SocketSession } from '#server/connections/socket-session.ts'
import type { UserEvents } from '#server/connections/user-events.ts'
import type { WireNodes } from '#server/connections/wire-nodes.ts'
import type { DatabaseClock } from '#server/database/clock.ts'
import type { Database } from '#server/database/pool.ts'
import type { WriteProbe } from '#server/database/write-probe.ts'
import type { PriceSubscriptions } from '#server/deliver/price-frames.ts'
import type { Auth } from '#server/domain/accounts/auth.ts'
import type { PasswordHashing } from '#server/domain/accounts/password-hashing.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import type { ChatDeps } from '#server/domain/chat/chat-deps.ts'
import type { Memberships } from '#server/domain/chat/memberships.ts'
import type { SendMessage } from '#server/domain/chat/send-together.ts'
import type { FeedDeps } from '#server/domain/feed/feed-deps.ts'
import type { LoanDeps } from '#server/domain/loans/loan-deps.ts'
import type { LoanStates } from '#server/domain/loans/loan-states.ts'
import type { Notifier } from '#server/domain/notifications/create-bell.ts'
import type { Pulse } from '#server/domain/pulse/pulse.ts'
import type { InstrumentList } from '#server/domain/trading/list-instruments.ts'
import type { PriceBoard } from '#server/domain/trading/price-board.ts'
import type { PriceStreams } from '#server/domain/trading/price-streams.ts'
import type { TradingDeps } from '#server/domain/trading/trading-deps.ts'
import type { Env } from '#server/env.ts'
import type { Runs } from '#server/lab/runs/create-runs.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import type { Status } from './status.ts'

/** What the routes work with; `app.ts` builds it once. */
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
  loanDeps: LoanDeps
  feedDeps: FeedDeps
  bell: Notifier
  chatDeps: ChatDeps
  sendMessage: SendMessage
  memberships: Memberships
  loanStates: LoanStates
  limits: Limits
  metrics: Metrics
  heldRequests: Connections<HeldRequest>
  eventStreams: EventStreams
  sockets: Connections<SocketSession>
  presence: Presence
  userEvents: UserEvents
  prices: PriceBoard
  priceStreams: PriceStreams
  priceSubscriptions: PriceSubscriptions
  tradingDeps: TradingDeps
  instruments: InstrumentList
  runs: Runs
  exchanges: Exchanges
  nextRequestId(): string
  /**
   * Whether this node receives other nodes' notifications at once; if not, it learns of commits up to a second late.
   */
  isListening(): boolean
  backplane: Backplane
  /** The Redis of `REDIS_URL`, which may be unavailable at any time; undefined without one. */
  redis: Redis | undefined
  writeProbe: WriteProbe
  wireNodes: WireNodes
  /** What this process does, and the state of engines that it can be ready without. */
  status(): Status
  /** True after the first SIGTERM. */
  draining(): boolean
}
