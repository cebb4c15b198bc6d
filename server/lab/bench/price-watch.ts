import { request } from 'node:http'
import { instruments } from '#server/domain/trading/instruments.ts'
import { percentiles } from './crowd.ts'

/** Of the prices that came: how many a second, and how long after they were appended at the gateway. */
export type PriceFigures = { perSecond: number; p50Ms: number; p99Ms: number }

type PriceWatch = { figures(): PriceFigures; close(): void }

/** Follows the stream of each instrument at each of the gateways, from now on. */
export function watchPrices(ports: readonly number[], cookie: string): PriceWatch {
  const ages: number[] = []
  const startedAt = performance.now()
  const streams = ports.flatMap((port) =>
    instruments.map(({ symbol }) => {
      const path = `/api/streams/prices:${symbol}?after=now`
      const headers = { accept: 'text/event-stream', cookie, host: '127.0.0.1' }
      const asked = request({ port, path, headers, host: '127.0.0.1', agent: false }, (response) => {
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          for (const [, at = ''] of text.matchAll(/"at":"([^"]+)"/g)) ages.push(Date.now() - Date.parse(at))
        })
        // A gateway may be what is killed.
        response.on('error', () => undefined)
      })
      asked.on('error', () => undefined)
      asked.end()
      return asked
    }),
  )
  return {
    figures() {
      const { p50Ms, p99Ms } = percentiles(ages)
      return { perSecond: (ages.length * 1_000) / (performance.now() - startedAt), p50Ms, p99Ms }
    },
    close() {
      for (const stream of streams) stream.destroy()
    },
  }
}
