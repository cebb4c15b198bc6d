import { allCores, type Server, startNode } from './servers.ts'
import { startWireside } from './wireside.ts'

/** Gateways, and what is started beside them. */
export type Gateways = { nodes: Server[]; stop(): Promise<void> }

/** Gateways that nothing but the test bounds, with one process that makes prices. No beat comes in between. */
export async function startGateways(
  databaseUrl: string,
  count: number,
  settings: Record<string, string> = {},
): Promise<Gateways> {
  const raised = { MAX_SSE_PER_USER: '100000', HEARTBEAT_MS: '3600000', ...settings }
  const start = (ROLES: string) =>
    startWireside({ databaseUrl, settings: { ...raised, ROLES }, cores: allCores })
  const nodes = await Promise.all(Array.from({ length: count }, () => start('gateway')))
  const prices = await start('prices')
  return { nodes, stop: () => stopAll([...nodes, prices]) }
}

/** As many processes that do `res.write`. */
export async function startResWrite(count: number): Promise<Gateways> {
  const file = `${import.meta.dirname}/arms/res-write.ts`
  const starting = Array.from({ length: count }, () => startNode(file, { cores: allCores }))
  const nodes = await Promise.all(starting)
  return { nodes, stop: () => stopAll(nodes) }
}

async function stopAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}
