import type { Cluster } from '#server/cluster/open-cluster.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { kafkaMissing } from '#server/engines/kafka/jars.ts'
import { redisPath } from '#server/engines/redis.ts'
import { type LabClusterOptions, startClusterNodes } from '#server/lab/testbed/cluster-nodes.ts'
import type { DrillReport } from '#server/protocol/lab-report.ts'
import type { Drill, Drilling } from './drill.ts'
import { onStage, type Stage } from './stage.ts'

type OnCluster = LabClusterOptions & {
  play(stage: Stage, cluster: Cluster, drilling: Drilling): Promise<DrillReport>
}

/** A drill on gateways behind HAProxy, with the engines that it needs. */
export function clusterDrill({ play, ...options }: OnCluster): Drill {
  return {
    missing: missingOf(options.engines),
    async run(drilling) {
      const opened = Promise.withResolvers<Cluster>()
      return onStage(
        drilling,
        {
          async startNodes(databaseUrl) {
            const nodes = await startClusterNodes(databaseUrl, options)
            opened.resolve(nodes.cluster)
            return nodes
          },
        },
        async (stage) => play(stage, await opened.promise, drilling),
      )
    },
  }
}

function missingOf(engines: LabClusterOptions['engines']): string | undefined {
  if (!haproxyPath) return 'HAProxy isn’t installed on this machine'
  if (engines.includes('redis') && !redisPath) return 'Redis isn’t installed on this machine'
  if (engines.includes('kafka') && kafkaMissing) return `Kafka can’t run on this machine: ${kafkaMissing}`
  return undefined
}

/** The nodes that hold connections. */
export function gatewaysOf(cluster: Cluster) {
  return cluster.nodes().filter(({ roles }) => roles === 'gateway')
}
