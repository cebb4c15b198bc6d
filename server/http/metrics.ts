import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { queriesSoFar } from '#server/database/client.ts'

export type Metrics = {
  registry: Registry
  /** One poll answered, by delivery and what it told. */
  answered(delivery: 'short-poll' | 'long-poll', told: 'news' | 'nothing-new' | 'reset'): void
}

type Sources = {
  waiters(): number
  streams(): number
  streamsEnded(): Record<string, number>
  sockets(): number
  socketsEnded(): Record<string, number>
  connections(): number
  appended(): number
  feeds(): number
  ticks(): number
}

/** What `/metrics` tells, in Prometheus' text format. */
export function createMetrics(sources: Sources): Metrics {
  const { waiters, streams, streamsEnded, sockets, socketsEnded, connections, appended, feeds, ticks } =
    sources
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  // Plain counts, handed over when somebody scrapes: a labelled counter costs a poll more than its answer does.
  const answers = {
    'short-poll': { news: 0, 'nothing-new': 0, reset: 0 },
    'long-poll': { news: 0, 'nothing-new': 0, reset: 0 },
  }
  new Counter({
    name: 'wireside_polls_total',
    help: 'Polls answered, by delivery and by what they told',
    labelNames: ['delivery', 'told'],
    registers,
    collect() {
      this.reset()
      for (const [delivery, counts] of Object.entries(answers)) {
        for (const [told, count] of Object.entries(counts)) this.inc({ delivery, told }, count)
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
      this.set({ delivery: 'long-poll' }, waiters())
      this.set({ delivery: 'sse' }, streams())
      this.set({ delivery: 'websocket' }, sockets())
    },
  })
  new Counter({
    name: 'wireside_streams_ended_total',
    help: 'Event streams and sockets that ended, by why: the client left, or what the server said',
    labelNames: ['delivery', 'reason'],
    registers,
    collect() {
      this.reset()
      for (const [reason, count] of Object.entries(streamsEnded()))
        this.inc({ delivery: 'sse', reason }, count)
      for (const [reason, count] of Object.entries(socketsEnded())) {
        this.inc({ delivery: 'websocket', reason }, count)
      }
    },
  })
  gauge('wireside_feeds', 'Streams that this process keeps in memory', feeds)
  total('wireside_events_appended_total', 'Entries appended by this process', appended)
  total('wireside_ticks_total', 'Prices that this process has made or been sent', ticks)
  total('wireside_database_queries_total', 'Statements sent to Postgres by this process', queriesSoFar)

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

  return {
    registry,
    answered(delivery, told) {
      answers[delivery][told] += 1
    },
  }
}
