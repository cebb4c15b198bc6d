import { Counter, Gauge, type Registry } from 'prom-client'
import type { ReceivedEntries } from './receive-entries.ts'
import type { Relay } from './relay.ts'

/** A gateway's metrics of the entries received over Kafka. */
export function measureReceived(registry: Registry, entries: ReceivedEntries): void {
  total(
    registry,
    'wireside_kafka_received_total',
    'Records of entries that came over Kafka',
    entries.received,
  )
  total(registry, 'wireside_kafka_taken_total', 'Entries that needed no read of Postgres', entries.taken)
  new Counter({
    name: 'wireside_kafka_skipped_total',
    help: 'Records of entries that were passed over, by reason',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [reason, count] of Object.entries(entries.skipped())) this.inc({ reason }, count)
    },
  })
}

/** A relay's metrics. */
export function measureRelay(registry: Registry, relay: Relay): void {
  total(registry, 'wireside_kafka_produced_total', 'Records that Kafka has acknowledged', relay.produced)
  total(registry, 'wireside_kafka_oversized_total', 'Entries that were too large for Kafka', relay.oversized)
  new Gauge({
    name: 'wireside_relay_lag_seconds',
    help: 'For how long something has been waiting to be produced',
    registers: [registry],
    collect() {
      this.set(relay.lagMs() / 1_000)
    },
  })
}

function total(registry: Registry, name: string, help: string, read: () => number) {
  new Counter({
    ...{ name, help, registers: [registry] },
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}
