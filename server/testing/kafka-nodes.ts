import type { TestContext } from 'node:test'
import type { App } from '#server/app.ts'
import { eventually } from './eventually.ts'
import { appOn, type TestApp } from './test-app.ts'
import { testDatabase } from './test-database.ts'

type Hooks = Pick<TestContext, 'after'>

/** A node's value of a metric, summed over all labels; `{reason="…"}` selects one. */
export async function metric({ port }: { port: number }, name: string, labels = ''): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}${labels || ''}`))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/**
 * A node and two gateways on one database; one gateway is the relay, so it must be woken by the node's commits. With
 * Kafka in the settings, entries reach the gateways over it by the time this resolves.
 */
export async function nodesOn(
  t: Hooks,
  settings: Record<string, string>,
): Promise<{ writer: TestApp; gateways: [relay: App, other: App] }> {
  const { url } = await testDatabase(t)
  const on = (ROLES: string) => appOn(t, url, { ...settings, ROLES })
  const writer = { ...(await on('web,worker,prices')), databaseUrl: url }
  const gateways: [App, App] = [await on('gateway,relay'), await on('gateway')]
  if (settings.KAFKA_BROKERS) await reachOverKafka(writer, gateways)
  return { writer, gateways }
}

/** Waits until what `writer` appends reaches all the gateways over Kafka. */
export async function reachOverKafka(writer: App, gateways: readonly { port: number }[]): Promise<void> {
  for (const gateway of gateways) {
    const before = await metric(gateway, 'wireside_kafka_received_total')
    await eventually(async () => {
      await append(writer, 'lab:kafka-warm-up', [0])
      return (await metric(gateway, 'wireside_kafka_received_total')) > before
    })
  }
}

/** Appends to a stream in one transaction. */
export function append({ context: { log } }: App, stream: string, data: readonly unknown[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      data.map((each) => ({ stream, type: 'note', data: each })),
    ),
  )
}
