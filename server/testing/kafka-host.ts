import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Broker, startBroker } from '#server/engines/kafka/broker.ts'
import { whyNotFetched } from '#server/engines/kafka/jars.ts'

/**
 * Starts one broker when a test file first requests it at `url`, which most partial runs never do. `/missing` responds
 * why it cannot start, once Maven has tried.
 */
export async function hostKafka(): Promise<{ url: string; close(): Promise<void> }> {
  let broker: Promise<Broker> | undefined
  let missing: Promise<string | undefined> | undefined
  const server = createServer((request, response) => {
    if (request.url === '/missing') {
      missing ??= whyNotFetched()
      return void missing.then((reason) => response.end(reason))
    }
    broker ??= startBroker()
    broker.then(
      ({ brokers }) => response.end(brokers),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      await (await broker?.catch(() => undefined))?.destroy()
    },
  }
}
