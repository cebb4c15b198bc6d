import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { requestIds } from '#server/connections/exchanges.ts'
import { createWriteProbe } from '#server/database/write-probe.ts'
import { createMemberships } from '#server/domain/chat/memberships.ts'
import { createSendMessage } from '#server/domain/chat/send-together.ts'
import { createLoanCache } from '#server/domain/loans/loan-cache.ts'
import { stepBetween } from '#server/domain/loans/loan-deps.ts'
import { createLoanStates } from '#server/domain/loans/loan-states.ts'
import { createBell } from '#server/domain/notifications/create-bell.ts'
import { createMarket } from '#server/domain/trading/create-market.ts'
import { bareEnvironment, type Env, hasAllRoles } from '#server/env.ts'
import { createApi } from '#server/http/api.ts'
import type { Context } from '#server/http/context.ts'
import { createFront, type Pages } from '#server/http/front/front.ts'
import { answeringPolls } from '#server/http/front/parsed-polls.ts'
import { createLimits } from '#server/http/limits.ts'
import { createMetrics } from '#server/http/metrics.ts'
import { createSocketServer } from '#server/http/sockets.ts'
import { enginesOf } from '#server/http/status.ts'
import { createRuns } from '#server/lab/runs/create-runs.ts'
import { authorityOf, closeServer, countConnections, listen } from '#server/listening.ts'
import { openCore } from './node/core.ts'
import { connectKafka } from './node/kafka.ts'
import { openLive } from './node/live.ts'
import { openRoles, type RunningRoles } from './node/roles.ts'

export type App = {
  url: string
  /** The address it listens on, `address:port` as in a URL. */
  address: string
  port: number
  context: Context
  /**
   * Reports on `/readyz` that it is stopping and keeps serving for `DRAIN_DELAY_MS`; then responds to held requests,
   * lets running ones finish (within `DRAIN_MS`), and closes everything that it opened.
   */
  drain(): Promise<void>
  /** What a drain is currently waiting for. */
  drainPhase(): string
}

type Parts = {
  env: Env
  databaseUrl: string
  /** Where LISTEN connects if not to `databaseUrl`: a connection that a test can cut. */
  listenUrl?: string
  secret: string
  logger: Logger
  pages?: Pages
  dev?: boolean
  runFile?: string
}

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
  const kafka = await connectKafka(env, logger)
  const core = await openCore({ env, databaseUrl, listenUrl, secret, logger })
  const { database, listener, redis, backplane, clock, log, feeds } = core
  const bell = createBell(log)
  const market = await createMarket({
    ...{ databaseUrl, database, backplane, kafka, log, logger, announce: bell.announce },
    makesPrices: env.ROLES.includes('prices'),
    fillsOrders: env.ROLES.includes('worker'),
    // A process that only relays needs no prices.
    ticksPerSecond: env.ROLES.every((role) => role === 'relay') ? 0 : env.TICKS_PER_SECOND,
    seed: env.PRICE_SEED,
    hours: env.TRADING_HOURS,
    clock,
  })
  const live = openLive(env, core, market.prices)
  const loanCache = redis && createLoanCache(redis, secret)
  const loanStates = createLoanStates(database.prisma, log, feeds, loanCache)
  const limits = createLimits(env, redis && { redis, epoch: log.epoch, secret })
  const memberships = createMemberships(database.prisma, feeds, log)
  log.onEpoch(() => {
    loanStates.forget()
    memberships.forget()
    market.reopen()
  })
  const runs = createRuns({
    ...{ prisma: database.prisma, logger },
    process: { file: runFile, environment: bareEnvironment() },
    trustedOrigins: env.TRUSTED_ORIGINS,
  })
  const chatDeps = { log, announce: bell.announce, redactNotifications: bell.redactNotifications }
  let roles: RunningRoles | undefined
  let draining = false
  let connections = () => 0
  const context: Context = {
    ...{ env, logger, ...core, ...live, bell, memberships, loanStates, runs },
    loanDeps: { ...bell, stepMs: stepBetween(env.STAGE_MS) },
    feedDeps: bell,
    chatDeps,
    sendMessage: createSendMessage(log, chatDeps),
    prices: market.prices,
    priceStreams: market.streams,
    tradingDeps: market.deps,
    instruments: market.instruments,
    limits,
    metrics: createMetrics({
      ...live,
      connections: () => connections(),
      appended: log.appended,
      reads: log.reads,
      backplane,
      status: () => context.status(),
      feeds: feeds.size,
      ticks: market.prices.ticks,
      ...(market.skipped && { pricesSkipped: market.skipped }),
      ...(loanCache && { redis: { loanCache: loanCache.counts, countedLocally: limits.countedLocally } }),
    }),
    nextRequestId: requestIds(),
    isListening: listener.isConnected,
    writeProbe: createWriteProbe(database.checks),
    draining: () => draining,
    status: () => ({
      roles: env.ROLES,
      leads: [...(market.isLeading() ? ['prices' as const] : []), ...(roles?.leads() ?? [])],
      engines: enginesOf({ redis: redis?.isConnected(), kafka: roles?.isConnected?.() }),
    }),
  }

  await core.start()
  if (env.DEMO && hasAllRoles(env)) await runs.recover()
  roles = await openRoles(context, { databaseUrl, kafka })
  const socketServer = createSocketServer(context)
  const api = await createApi(context, (handler) =>
    createFront(answeringPolls(context, handler), {
      ...{ pages, env, dev },
      isDatabaseDown: () => !listener.isConnected() || !log.isFresh(),
      live: { ...context, upgrade: socketServer.upgrade },
    }),
  )
  const { server } = api
  connections = countConnections(server)
  const address = await listen(server, env)
  market.open()

  let phase = 'nothing'

  async function drain() {
    draining = true
    phase = 'load balancers to look elsewhere'
    if (env.DRAIN_DELAY_MS > 0) await pause(env.DRAIN_DELAY_MS)
    phase = 'connections to close'
    live.drain()
    const stopped = runs.drain(env.DRAIN_MS)
    await closeServer(server, env.DRAIN_MS)
    await api.close()
    phase = 'jobs, prices and the lab to stop'
    await Promise.all([roles?.close(), market.close(), stopped])
    socketServer.close()
    live.close()
    runs.close()
    phase = 'the database to close'
    await core.close()
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
