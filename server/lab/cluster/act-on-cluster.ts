import { setTimeout as pause } from 'node:timers/promises'
import type { ClusterNode } from '#server/cluster/cluster-node.ts'
import type { Cluster } from '#server/cluster/open-cluster.ts'
import type { ClusterAction } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'

/** More gateways would add processes but no insight. */
const mostGateways = 4
/** The balancer takes a second to see that a node is ready. */
const balancerSeesMs = 1_500

type Parts = {
  cluster: Cluster
  /** Milliseconds since the cluster started to run. */
  now(): number
  tell(incident: Incident): void
  /** Sends a message from one gateway to a reader at another. */
  sendBetween(sender: ClusterNode, receiver: ClusterNode): Promise<void>
}

/** Does what is asked of the gateways, one thing after the other, and tells what came of each. */
export function actOnCluster({ cluster, now, tell, sendBetween }: Parts): (action: ClusterAction) => void {
  let last: Promise<void> = Promise.resolve()

  async function done(what: string, work: () => Promise<unknown>) {
    const atMs = now()
    await work()
    tell({ atMs, what, untilMs: now() })
  }

  async function act(action: ClusterAction) {
    const gateways = gatewaysOf(cluster)
    const newest = gateways.at(-1)
    switch (action) {
      case 'add-gateway':
        if (gateways.length >= mostGateways)
          return tell({ atMs: now(), what: `There are ${gateways.length} gateways already; none was added` })
        return done('A gateway was added', () => cluster.add('gateway'))
      case 'drain-gateway':
        if (!newest || gateways.length < 2)
          return tell({ atMs: now(), what: 'There is only one gateway; it was not drained' })
        return done(`${newest.name} was drained and has left`, () => cluster.drain(newest))
      case 'kill-gateway':
        return (
          newest && done(`${newest.name} was killed with SIGKILL and has started again`, () => killed(newest))
        )
      case 'roll-gateways':
        for (const gateway of gateways) {
          await done(`${gateway.name} was drained and has started again`, gateway.restart)
          await pause(balancerSeesMs)
        }
        return
      case 'send-message': {
        const [sender, receiver] = nodesOf(cluster)
        if (!sender || !receiver)
          return tell({ atMs: now(), what: 'There is only one gateway; no message was sent' })
        return sendBetween(sender, receiver)
      }
    }
  }

  return (action) => {
    last = last
      .then(() => act(action))
      .catch((error: unknown) => {
        tell({ atMs: now(), what: `${action} failed: ${error instanceof Error ? error.message : error}` })
      })
  }
}

/** The nodes that hold connections; without a balancer the entrance is one that must stay. */
function gatewaysOf(cluster: Cluster): readonly ClusterNode[] {
  return cluster.engines.haproxy ? nodesOf(cluster) : nodesOf(cluster).slice(1)
}

function nodesOf(cluster: Cluster): readonly ClusterNode[] {
  return cluster.nodes().filter(({ roles }) => roles.split(',').includes('gateway'))
}

/** Kills a node, and waits until it is ready again: nodes are kept running. */
async function killed(node: ClusterNode) {
  await node.kill()
  while (node.pid() === undefined || node.state() !== 'ready') await pause(100)
}
