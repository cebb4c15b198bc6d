import { availableParallelism } from 'node:os'
import { freePort } from '#server/database/embedded/launch.ts'
import { type Server, startServer } from './core.ts'
import { startWireside } from './wireside.ts'

/** Nodes share all cores with their clients: what is compared is one arm with another. */
export const allCores = `0-${availableParallelism() - 1}`

/** Gateways, and what is started beside them. */
export type Gateways = { nodes: Server[]; stop(): Promise<void> }

/** Gateways that nothing but the test bounds, with one process that makes prices. No beat comes in between. */
export async function startGateways(
  databaseUrl: string,
  count: number,
  settings: Record<string, string> = {},
): Promise<Gateways> {
  const raised = { MAX_SSE_PER_USER: '100000', HEARTBEAT_MS: '3600000', ...settings }
  const start = (ROLES: string) => startWireside(databaseUrl, { ...raised, ROLES }, [], undefined, allCores)
  const nodes = await Promise.all(Array.from({ length: count }, () => start('gateway')))
  const prices = await start('prices')
  return { nodes, stop: () => stopAll([...nodes, prices]) }
}

/** As many processes that do `res.write`. */
export async function startResWrite(count: number): Promise<Gateways> {
  const file = `${import.meta.dirname}/arms/res-write.ts`
  const starting = Array.from({ length: count }, async () =>
    startServer(file, await freePort(), {}, [], allCores),
  )
  const nodes = await Promise.all(starting)
  return { nodes, stop: () => stopAll(nodes) }
}

async function stopAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}
