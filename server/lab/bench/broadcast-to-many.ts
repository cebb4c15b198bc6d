import { setTimeout as pause } from 'node:timers/promises'
import { median } from '#server/protocol/median.ts'
import { epochMs } from './arms/market.ts'
import type { Faults } from './audience.ts'
import { gatherAudiences } from './audiences.ts'
import { broadcasts } from './broadcast.ts'
import type { Gateways } from './gateways.ts'
import { type PriceFigures, watchPrices } from './price-watch.ts'
import { settled } from './servers.ts'

/** Gateways with one stream on all of them. `send` makes one event, and gives its seq; `cookie` reads their prices. */
export type Fleet = Gateways & { path: string; send(): Promise<number>; cookie: string | undefined }

export type ManyOptions = { count: number; headers: readonly string[]; processes: number }

/** Memory is of all gateways for each stream; CPU for each delivery, of the gateways and of the clients. */
export type ManyHeard = Faults & {
  acceptedPerSecond: number
  idleKib: number
  afterKib: number
  lastMs: number
  worstMs: number
  cpuMicros: number
  clientMicros: number
  prices: PriceFigures | undefined
}

const warm = { listeners: 60, broadcasts: 5 }
const betweenMs = 300

/** Connects `count` listeners in turn to all gateways, and sends them events, each when everybody had the one before. */
export async function broadcastToMany(
  fleet: Fleet,
  { count, headers, processes }: ManyOptions,
): Promise<ManyHeard> {
  const { nodes, path, send, cookie } = fleet
  const ports = nodes.map(({ port }) => port)
  const gather = (listeners: number, over: number) =>
    gatherAudiences({ ports, headers, path, processes: over, count: listeners, comesBack: false })
  const first = await gather(warm.listeners, 1)
  for (let nth = 0; nth < warm.broadcasts; nth += 1) await first.heard(await send())
  await first.close()
  const emptyBytes = await residentBytes(fleet)
  const kibEach = (bytes: number) => (bytes - emptyBytes) / 1_024 / count

  const audiences = await gather(count, processes)
  const idleKib = kibEach(await residentBytes(fleet))
  const watch = cookie === undefined ? undefined : watchPrices(ports, cookie)
  const cpuSeconds = () => nodes.reduce((sum, node) => sum + node.usage().cpuSeconds, 0)
  const [cpuBefore, clientBefore] = [cpuSeconds(), audiences.cpuMs()]
  const lastMs: number[] = []
  for (let nth = 0; nth < broadcasts; nth += 1) {
    const sentAt = epochMs()
    const { lastAt } = await audiences.heard(await send())
    lastMs.push(lastAt - sentAt)
    await pause(betweenMs)
  }
  const deliveries = count * broadcasts
  const cpuMicros = ((cpuSeconds() - cpuBefore) * 1_000_000) / deliveries
  const clientMicros = ((audiences.cpuMs() - clientBefore) * 1_000) / deliveries
  const prices = watch?.figures()
  watch?.close()
  const afterKib = kibEach(await residentBytes(fleet))
  const { lost, twice } = await audiences.figures()
  await audiences.close()
  await fleet.stop()
  return {
    ...{
      acceptedPerSecond: (count * 1_000) / audiences.connectMs,
      idleKib,
      afterKib,
      cpuMicros,
      clientMicros,
    },
    ...{ lastMs: median(lastMs) ?? Number.NaN, worstMs: Math.max(...lastMs), prices, lost, twice },
  }
}

async function residentBytes({ nodes }: Fleet): Promise<number> {
  await Promise.all(nodes.map(settled))
  await pause(1_000)
  return nodes.reduce((sum, node) => sum + node.usage().residentBytes, 0)
}
