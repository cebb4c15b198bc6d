import type { TestContext } from 'node:test'
import type { App } from '#server/app.ts'
import { eventually } from './eventually.ts'
import { appOn, type TestApp } from './test-app.ts'
import { testDatabase } from './test-database.ts'

type Hooks = Pick<TestContext, 'after'>

/** What a node says of a metric, all labels together; one label's value with `{reason="…"}`. */
export async function metric({ context }: App, name: string, labels = ''): Promise<number> {
  const text = await context.metrics.registry.metrics()
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}${labels || ''}`))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/**
 * A node with every role and two gateways on one database and one Kafka, when entries of the first reach the gateways
 * over Kafka.
 */
export async function kafkaNodes(
  t: Hooks,
  settings: Record<string, string>,
  gatewaySettings: Record<string, string> = {},
): Promise<{ writer: TestApp; gateways: App[] }> {
  const { url } = await testDatabase(t)
  const writer = { ...(await appOn(t, url, settings)), databaseUrl: url }
  const gateway = () => appOn(t, url, { ...settings, ROLES: 'gateway', ...gatewaySettings })
  const gateways = await Promise.all([gateway(), gateway()])
  await reachOverKafka(writer, gateways)
  return { writer, gateways }
}

/** Waits until what `writer` appends comes to all of the gateways over Kafka. */
export async function reachOverKafka(writer: App, gateways: readonly App[]): Promise<void> {
  for (const gateway of gateways) {
    const before = await metric(gateway, 'wireside_kafka_received_total')
    await eventually(async () => {
      await append(writer, 'lab:kafka-warm-up', [0])
      return (await metric(gateway, 'wireside_kafka_received_total')) > before
    })
  }
}

/** Appends them to a stream in one transaction. */
export function append({ context: { log } }: App, stream: string, data: readonly unknown[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      data.map((each) => ({ stream, type: 'note', data: each })),
    ),
  )
}
