import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { Connections } from '#server/connections/connections.ts'
import { EventStreams } from '#server/connections/event-streams.ts'
import { createExchanges, requestIds } from '#server/connections/exchanges.ts'
import type { HeldRequest } from '#server/connections/held-request.ts'
import { createPresence } from '#server/connections/presence.ts'
import type { SocketSession } from '#server/connections/socket-session.ts'
import { createDatabaseClock } from '#server/database/clock.ts'
import { forgetOldAnswers } from '#server/database/idempotency.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { createWriteProbe } from '#server/database/write-probe.ts'
import { createPriceSubscriptions } from '#server/deliver/price-frames.ts'
import { createAuth } from '#server/domain/accounts/auth.ts'
import { createPasswordHashing } from '#server/domain/accounts/password-hashing.ts'
import { forgetOldEnds } from '#server/domain/accounts/session-ends.ts'
import { createSessions } from '#server/domain/accounts/sessions.ts'
import { signInJobs } from '#server/domain/accounts/sign-in-jobs.ts'
import { createMemberships } from '#server/domain/chat/memberships.ts'
import { stepBetween } from '#server/domain/loans/loan-deps.ts'
import { loanJobs } from '#server/domain/loans/loan-jobs.ts'
import { createLoanStates } from '#server/domain/loans/loan-states.ts'
import { createBell } from '#server/domain/notifications/create-bell.ts'
import { createPulse } from '#server/domain/pulse/pulse.ts'
import { createMarket } from '#server/domain/trading/create-market.ts'
import { forgetOldCandles } from '#server/domain/trading/store-candles.ts'
import { bareEnvironment, type Env } from '#server/env.ts'
import { createApi } from '#server/http/api.ts'
import type { Context } from '#server/http/context.ts'
import { createFront, type Pages } from '#server/http/front/front.ts'
import { loanNotModifiedFastPath } from '#server/http/front/loan-not-modified.ts'
import { createLimits } from '#server/http/limits.ts'
import { createMetrics } from '#server/http/metrics.ts'
import type { Api } from '#server/http/route.ts'
import { createSocketServer } from '#server/http/sockets.ts'
import { startWorker, type Worker } from '#server/jobs/worker.ts'
import { createRuns } from '#server/lab/runs/create-runs.ts'
import { authorityOf, listen } from '#server/listening.ts'
import { takeCommitsOfPages } from '#server/log/commits-of-pages.ts'
import { createFeeds } from '#server/log/feeds.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'
import { trimLog } from '#server/log/trim.ts'
import { alertJobs } from './domain/alerts/alerts.ts'
import { pullInSteps } from './domain/loans/enqueue-step.ts'
import { forgetOldNotifications } from './domain/notifications/mark-read.ts'
import { pullInJobs } from './jobs/enqueue.ts'

export type App = {
  url: string
  /** Where it listens, `address:port` as in a URL. */
  address: string
  port: number
  context: Context
  /**
   * Says on `/readyz` that it stops and serves on for `DRAIN_DELAY_MS`, then answers what is held, lets what runs
   * finish (at most `DRAIN_MS`), and closes everything that it opened.
   */
  drain(): Promise<void>
  /** What a drain is waiting for at this moment. */
  drainPhase(): string
}

type Parts = {
  env: Env
  databaseUrl: string
  /** Where LISTEN connects, when not to `databaseUrl`: a line that a test can cut. */
  listenUrl?: string
  secret: string
  logger: Logger
  pages?: Pages
  dev?: boolean
  runFile?: string
}

const sweepMs = 100

/** One Wireside node on a migrated database: composed, started and listening. `main.ts` and the tests call it. */
export async function startApp({
  env,
  databaseUrl,
  listenUrl = databaseUrl,
  secret,
  logger,
  pages,
  dev = false,
  runFile = resolve(import.meta.dirname, 'lab/run-process.ts'),
}: Parts): Promise<App> {
  const limits = {
    lockMs: env.LOCK_TIMEOUT_MS,
    statementMs: env.STATEMENT_TIMEOUT_MS,
    idleInTransactionMs: env.IDLE_TRANSACTION_MS,
  }
  const database = openDatabase(databaseUrl, { limits })
  const long = <T>(work: () => Promise<T>) => database.using('long', work)
  const listener = createListener(listenUrl, { checkMs: env.LISTEN_CHECK_MS })
  const clock = createDatabaseClock()
  const backplane = createPostgresBackplane(databaseUrl, listener)
  const log = createPostgresLog(database, backplane, {
    checkMs: env.LOG_CHECK_MS,
    clock,
    beforeRead: () => sessions.sure(),
  })
  const hashing = createPasswordHashing()
  const auth = createAuth(database.prisma, {
    baseUrl: env.BASE_URL,
    secret,
    trustedOrigins: env.TRUSTED_ORIGINS,
    cookiePrefix: env.COOKIE_PREFIX,
    nowMs: clock.nowMs,
    hashing,
  })
  const sessions = createSessions(database, listener, auth, { checkMs: env.SESSION_CHECK_MS, clock })
  // The database is another. First of all who follow its log: nobody whose session it lacks is sent what it has.
  log.onEpoch(() => {
    sessions.forget()
    loanStates.forget()
    memberships.forget()
    market.reopen()
    worker?.restart()
  })
  const feeds = createFeeds(log)
  const leavePages = takeCommitsOfPages(log.committed)
  const pulse = createPulse()
  const runs = createRuns({
    ...{ prisma: database.prisma, logger },
    process: { file: runFile, environment: bareEnvironment() },
    trustedOrigins: env.TRUSTED_ORIGINS,
  })
  const bell = createBell(log)
  const loanDeps = { ...bell, stepMs: stepBetween(env.STAGE_MS) }
  const loanStates = createLoanStates(database.prisma, log, feeds)
  const exchanges = createExchanges()
  const heldRequests = new Connections<HeldRequest>(
    { sessions, exchanges },
    { name: 'requests held open', maxPerHolder: env.MAX_LONG_POLLS_PER_USER },
  )
  const eventStreams = new EventStreams(
    { sessions, exchanges },
    {
      heartbeatMs: env.HEARTBEAT_MS,
      maxBufferBytes: env.MAX_BUFFER_BYTES,
      maxPerUser: env.MAX_SSE_PER_USER,
    },
  )
  const sockets = new Connections<SocketSession>(
    { sessions, exchanges },
    { name: 'sockets open', maxPerHolder: env.MAX_SOCKETS_PER_USER },
  )
  const memberships = createMemberships(database.prisma, feeds, log)
  const nextRequestId = requestIds()
  const presence = createPresence()
  const market = createMarket({
    ...{ databaseUrl, database, backplane, log, logger, announce: bell.announce },
    isWorker: env.ROLES.includes('worker'),
    ticksPerSecond: env.TICKS_PER_SECOND,
    seed: env.PRICE_SEED,
    hours: env.TRADING_HOURS,
    clock,
  })
  const priceSubscriptions = createPriceSubscriptions(market.prices, clock.nowMs)
  let draining = false
  let connections = 0
  const context: Context = {
    env,
    logger,
    database,
    clock,
    log,
    feeds,
    pulse,
    auth,
    hashing,
    sessions,
    loanDeps,
    feedDeps: bell,
    bell,
    chatDeps: { log, announce: bell.announce, redactNotifications: bell.redactNotifications },
    memberships,
    loanStates,
    limits: createLimits(env),
    metrics: createMetrics({
      ...{ heldRequests, eventStreams, sockets },
      connections: () => connections,
      appended: log.appended,
      feeds: feeds.size,
      ticks: market.prices.ticks,
    }),
    heldRequests,
    eventStreams,
    exchanges,
    sockets,
    presence,
    prices: market.prices,
    priceStreams: market.streams,
    priceSubscriptions,
    tradingDeps: market.deps,
    instruments: market.instruments,
    runs,
    nextRequestId,
    isListening: listener.isConnected,
    backplane,
    writeProbe: createWriteProbe(database.checks),
    draining: () => draining,
  }

  const socketServer = createSocketServer(context)

  // Sessions before the log: after an outage, who lost the right to an entry must not be sent it first.
  await sessions.start()
  await log.start()
  listener.start()
  if (env.DEMO) await runs.recover()
  const pullIn = async () => {
    await pullInJobs(database.prisma, env.STAGE_MS.toMs)
    await pullInSteps(database.prisma, env.STAGE_MS.toMs)
  }
  if (env.ROLES.includes('worker')) await pullIn()
  const worker: Worker | undefined = env.ROLES.includes('worker')
    ? await startWorker({
        pool: database.jobs,
        log: logger,
        tasks: {
          ...loanJobs(loanDeps),
          ...signInJobs(bell),
          ...alertJobs({ ...bell, batch: env.ALERT_BATCH }),
          'pull-in': pullIn,
          'trim-log': () => long(() => trimLog(database.prisma, env.RETENTION_EVENTS)),
          'forget-answers': () => long(() => forgetOldAnswers(database.prisma)),
          'forget-ends': () => long(() => forgetOldEnds(database.prisma)),
          'forget-candles': () => long(() => forgetOldCandles(database.prisma)),
          'forget-notifications': () => long(() => forgetOldNotifications(bell, database.prisma)),
        },
        cron: {
          'pull-in': '* * * * *',
          'trim-log': '* * * * *',
          'forget-answers': '17 * * * *',
          'forget-ends': '27 * * * *',
          'forget-candles': '7 * * * *',
          'forget-notifications': '37 * * * *',
        },
      })
    : undefined
  const api: Api = await createApi(context, (handler) =>
    createFront(
      (request, response) =>
        void (loanNotModifiedFastPath(context, request, response) || handler(request, response)),
      {
        ...{ pages, env, dev },
        isDatabaseDown: () => !listener.isConnected() || !log.isFresh(),
        live: { ...context, upgrade: socketServer.upgrade },
      },
    ),
  )
  const { server } = api
  const leave = () => {
    connections -= 1
  }
  server.on('connection', (socket) => {
    connections += 1
    socket.on('close', leave)
  })
  const address = await listen(server, env)
  market.open()

  let phase = 'nothing'

  async function drain() {
    draining = true
    phase = 'load balancers to look elsewhere'
    if (env.DRAIN_DELAY_MS > 0) await pause(env.DRAIN_DELAY_MS)
    phase = 'connections to close'
    for (const connections of [heldRequests, eventStreams, sockets]) connections.drain()
    const stopped = runs.drain(env.DRAIN_MS)
    const closed = once(server, 'close')
    server.close()
    // Each answer from now on closes its connection; a client that would ask again on it for ever asks elsewhere.
    server.maxRequestsPerSocket = 1
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs)
    const cut = setTimeout(() => server.closeAllConnections(), env.DRAIN_MS)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
    await api.close()
    phase = 'jobs, prices and the lab to stop'
    await Promise.all([worker?.stop(), market.close(), stopped])
    eventStreams.stop()
    socketServer.close()
    presence.close()
    priceSubscriptions.close()
    pulse.close()
    runs.close()
    feeds.close()
    leavePages()
    phase = 'the database to close'
    await Promise.all([log.close(), sessions.close(), backplane.close(), listener.close()])
    await database.close()
    phase = 'nothing'
  }

  return {
    url: env.BASE_URL,
    address: authorityOf(address),
    port: address.port,
    context,
    drain,
    drainPhase: () => phase,
  }
}
