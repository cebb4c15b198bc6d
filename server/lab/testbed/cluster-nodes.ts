import { type Cluster, type ClusterOptions, openCluster } from '#server/cluster/open-cluster.ts'
import { labSecret, labSettings } from './gateway.ts'
import { type Gateway, type StartedNodes, usageOf } from './testbed.ts'

export type LabClusterOptions = Pick<
  ClusterOptions,
  'gateways' | 'tuning' | 'settings' | 'others' | 'keptRunning'
> & {
  webs?: number
  engines: readonly ('redis' | 'kafka')[]
}

/** No cap on connections from one machine. The lab's clients speak plain HTTP. */
const uncapped = { CONNECTIONS_PER_ADDRESS: '100000', CONNECTIONS_REFUSED: '100000' }

/** A cluster instead of a process per lane: all lanes enter through its balancer. */
export async function startClusterNodes(
  databaseUrl: string,
  { gateways, webs = 1, engines, others, keptRunning = false, tuning, settings = {} }: LabClusterOptions,
): Promise<StartedNodes & { cluster: Cluster }> {
  const cluster = await openCluster({
    ...{ gateways, webs, databaseUrl, secret: labSecret, keptRunning },
    engines: { without: ['tls', ...(['redis', 'kafka'] as const).filter((name) => !engines.includes(name))] },
    others: others ?? (engines.includes('kafka') ? ['relay'] : []),
    settings: { ...labSettings, ...settings },
    tuning: { ...tuning, env: { ...uncapped, ...tuning?.env } },
  })
  const { redis, kafka } = cluster.engines
  const entrance = entranceOf(cluster)
  return {
    cluster,
    webPort: cluster.nodes().find(({ roles }) => roles === 'web')?.port ?? entrance.port,
    gateways: { short: entrance, long: entrance, sse: entrance, socket: entrance },
    settings: {
      ...(redis && { REDIS_URL: redis.url }),
      ...(kafka && { KAFKA_BROKERS: kafka.brokers }),
    },
    close: cluster.close,
  }
}

/** The balancer or, without one, the first node, in the role of a run's server; its usage is that of all nodes. */
function entranceOf({ entrance, engines: { haproxy }, nodes }: Cluster): Gateway {
  const program = haproxy ?? nodes()[0]
  if (!program) throw new Error('A cluster has nodes')
  return {
    port: Number(new URL(entrance).port),
    pid: () => program.pid() ?? 0,
    usage: () => {
      const each = nodes().map((node) => usageOf(node.pid() ?? 0))
      return {
        cpuMs: each.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
        residentBytes: each.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
      }
    },
    end: (signal) => (signal === 'SIGKILL' || !haproxy ? program.kill() : haproxy.stop()),
    start: program.start,
  }
}
