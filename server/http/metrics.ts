import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Backplane } from '#server/backplane/backplane.ts'
import type { Connections } from '#server/connections/connections.ts'
import { queriesSoFar } from '#server/database/client.ts'
import type { PollResult } from '#server/deliver/encode/page.ts'
import type { Status } from './status.ts'

export type Metrics = {
  registry: Registry
  countPoll(delivery: 'short-poll' | 'long-poll', result: PollResult['state']): void
}

type Open = Pick<Connections<never>, 'size' | 'ended'>
type Sources = {
  heldRequests: Open
  eventStreams: Open
  sockets: Open
  connections(): number
  appended(): number
  /** Statements that read the log, by reason. */
  reads(): Readonly<Record<string, number>>
  backplane: Pick<Backplane, 'counts'>
  status(): Status
  feeds(): number
  ticks(): number
  /** Price records that were skipped, by reason, when prices come over Kafka. */
  pricesSkipped?(): Readonly<Record<string, number>>
  /** Counts that exist only with Redis. */
  redis?: { loanCache(): Readonly<Record<string, number>>; countedLocally(): number }
}

/** The metrics of `/metrics`, in Prometheus' text format. */
export function createMetrics(sources: Sources): Metrics {
  const {
    heldRequests,
    eventStreams,
    sockets,
    connections,
    appended,
    reads,
    backplane,
    status,
    feeds,
    ticks,
    pricesSkipped,
    redis,
  } = sources
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  // Plain counters, exported on a scrape: a labelled counter costs a poll more than its response does.
  const polls = {
    'short-poll': { changed: 0, 'not-modified': 0, reset: 0 },
    'long-poll': { changed: 0, 'not-modified': 0, reset: 0 },
  }
  new Counter({
    name: 'wireside_polls_total',
    help: 'Polls answered, by delivery and result',
    labelNames: ['delivery', 'result'],
    registers,
    collect() {
      this.reset()
      for (const [delivery, counts] of Object.entries(polls)) {
        for (const [result, count] of Object.entries(counts)) this.inc({ delivery, result }, count)
      }
    },
  })
  gauge('wireside_http_connections', 'Open TCP connections', connections)
  new Gauge({
    name: 'wireside_waiters',
    help: 'Requests and streams held open, by delivery',
    labelNames: ['delivery'],
    registers,
    collect() {
      this.set({ delivery: 'long-poll' }, heldRequests.size)
      this.set({ delivery: 'sse' }, eventStreams.size)
      this.set({ delivery: 'websocket' }, sockets.size)
    },
  })
  new Counter({
    name: 'wireside_streams_ended_total',
    help: 'Event streams and sockets that ended, by why: the client left, or what the server said',
    labelNames: ['delivery', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const [reason, count] of Object.entries(eventStreams.ended))
        this.inc({ delivery: 'sse', reason }, count)
      for (const [reason, count] of Object.entries(sockets.ended)) {
        this.inc({ delivery: 'websocket', reason }, count)
      }
    },
  })
  gauge('wireside_feeds', 'Streams that this process keeps in memory', feeds)
  total('wireside_events_appended_total', 'Entries appended by this process', appended)
  total(
    'wireside_backplane_published_total',
    'Messages sent to other nodes',
    () => backplane.counts().published,
  )
  total(
    'wireside_backplane_received_total',
    'Messages of other nodes that came',
    () => backplane.counts().received,
  )
  totals('wireside_log_reads_total', 'Statements that read the log, by why', 'reason', reads)
  gauges('wireside_engine_connected', 'Engines that are configured: 1 while they answer', 'engine', () =>
    Object.entries(status().engines).map(([engine, state]) => [engine, state === 'connected' ? 1 : 0]),
  )
  gauges('wireside_role_leads', 'Roles of this process: 1 where it is the one of all that acts', 'role', () =>
    status().roles.map((role) => [role, status().leads.includes(role) ? 1 : 0]),
  )
  total('wireside_ticks_total', 'Prices that this process has made or been sent', ticks)
  total('wireside_database_queries_total', 'Statements sent to Postgres by this process', queriesSoFar)
  if (pricesSkipped) {
    totals(
      'wireside_kafka_prices_skipped_total',
      'Records of prices that were passed over, by reason',
      'reason',
      pricesSkipped,
    )
  }
  if (redis) {
    totals(
      'wireside_loan_cache_total',
      'Loans looked up in Redis, by result: invalid is not what a node of ours wrote under that key',
      'result',
      redis.loanCache,
    )
    total(
      'wireside_rates_counted_locally_total',
      'Times that this process counted a rate by itself, for Redis was of no use',
      redis.countedLocally,
    )
  }

  function gauge(name: string, help: string, read: () => number) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }

  function gauges(
    name: string,
    help: string,
    label: string,
    read: () => readonly (readonly [string, number])[],
  ) {
    new Gauge({
      ...{ name, help, labelNames: [label], registers },
      collect() {
        for (const [value, number] of read()) this.set({ [label]: value }, number)
      },
    })
  }

  function total(name: string, help: string, read: () => number) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }

  function totals(name: string, help: string, label: string, read: () => Readonly<Record<string, number>>) {
    new Counter({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset()
        for (const [value, count] of Object.entries(read())) this.inc({ [label]: value }, count)
      },
    })
  }

  return {
    registry,
    countPoll(delivery, result) {
      polls[delivery][result] += 1
    },
  }
}
