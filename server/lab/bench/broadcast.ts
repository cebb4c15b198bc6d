import { setTimeout as pause } from 'node:timers/promises'
import { median } from '#server/protocol/median.ts'
import { epochMs } from './arms/market.ts'
import { type Faults, gatherAudience } from './audience.ts'
import { type Blocks, longestBlocks } from './loop-blocks.ts'
import { type Server, settled } from './servers.ts'

/** An arm under measurement: what a listener sends to follow, and what makes one event and gives its seq. */
export type Arm = { server: Server; request(nth: number, cursor?: string): string; send(): Promise<number> }

/** `clientShare` is how busy the client's core was meanwhile: near 1, it is the client that was measured. */
export type Broadcast = Blocks &
  Faults & {
    idleKib: number
    afterKib: number
    /** CPU of the server: to accept a connection and answer its request, and for each event to each listener. */
    acceptMicros: number
    cpuMicros: number
    lastMs: number
    spreadMs: number
    clientShare: number
  }

export const broadcasts = 20
/** More of them, with the meter on, which would cost CPU before. */
const metered = 10

export const entryBytes = 200
const around = '{"seq":10,"type":"bench.said","at":"2026-11-24T00:00:00.000Z","data":}'.length

/** Takes 200 bytes on the wire; the stream is one that everybody with a session may read. */
export const broadcastEntry = {
  stream: 'feed',
  type: 'bench.said',
  data: { text: 'x'.repeat(entryBytes - around - '{"text":""}'.length) },
}

/** The same for servers that send whatever is posted to them. */
export function postedEntry(seq: number): string {
  const { type, data } = broadcastEntry
  return JSON.stringify({ seq, type, at: new Date().toISOString(), data })
}

const warm = { listeners: 50, broadcasts: 5 }
const betweenMs = 100

/**
 * Connects `count` listeners and sends them `broadcasts` events, one by one, each when everybody had the one before.
 * Memory is counted from a server that has served a few and let them go.
 */
export async function broadcast({ server, request, send }: Arm, count: number): Promise<Broadcast> {
  const ports = [server.port]
  const first = await gatherAudience({ ports, request, count: warm.listeners })
  for (let nth = 0; nth < warm.broadcasts; nth += 1) await first.heard(await send())
  first.close()
  const emptyBytes = await residentBytes(server)
  const kibEach = (bytes: number) => (bytes - emptyBytes) / 1_024 / count

  const cpuEmpty = server.usage().cpuSeconds
  const audience = await gatherAudience({ ports, request, count })
  const acceptMicros = ((server.usage().cpuSeconds - cpuEmpty) * 1_000_000) / count
  const idleKib = kibEach(await residentBytes(server))
  const lastMs: number[] = []
  const spreadMs: number[] = []
  const shares: number[] = []
  const cpuBefore = server.usage().cpuSeconds
  for (let nth = 0; nth < broadcasts; nth += 1) {
    const clientBefore = process.cpuUsage()
    const sentAt = epochMs()
    const { firstAt, lastAt } = await audience.heard(await send())
    const { user, system } = process.cpuUsage(clientBefore)
    lastMs.push(lastAt - sentAt)
    spreadMs.push(lastAt - firstAt)
    shares.push((user + system) / 1_000 / (lastAt - sentAt))
    await pause(betweenMs)
  }
  const cpuSeconds = server.usage().cpuSeconds - cpuBefore
  const afterKib = kibEach(await residentBytes(server))
  const blocks = await longestBlocks(server, async () => {
    for (let nth = 0; nth < metered; nth += 1) await audience.heard(await send())
  })
  audience.close()
  return {
    ...{ ...blocks, ...audience.faults, acceptMicros, idleKib, afterKib },
    cpuMicros: (cpuSeconds * 1_000_000) / (count * broadcasts),
    lastMs: median(lastMs) ?? Number.NaN,
    spreadMs: median(spreadMs) ?? Number.NaN,
    clientShare: median(shares) ?? Number.NaN,
  }
}

/** A second after it came to rest: what it needed only meanwhile may be gone by then. */
async function residentBytes(server: Server): Promise<number> {
  await settled(server)
  await pause(1_000)
  return server.usage().residentBytes
}
