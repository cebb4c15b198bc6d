import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterNode } from '#server/cluster/cluster-node.ts'
import type { Arm } from './arm.ts'
import { nothingMissing } from './arm.ts'
import { allFour } from './lanes.ts'
import { clusterDrill } from './on-cluster.ts'
import type { Stage } from './stage.ts'
import { counted, formatMissing, formatRecovery } from './words.ts'

const patienceMs = 20_000
const askEveryMs = 50
const mostReconnects = 2
const promisedShare = 0.9

/** All gateways and webs are drained and restarted one after the other, as in a deployment. */
export const drill = clusterDrill({
  ...{ gateways: 3, webs: 2, engines: ['redis'] },
  // The balancer must see two failed checks before a node exits.
  settings: { DRAIN_DELAY_MS: '3000' },
  async play(stage, cluster, { scale }) {
    const { clients = 20, eventsPerSecond = 10, calmMs = 1_000 } = scale ?? {}
    const port = stage.testbed.gateways.sse.port
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port }])
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)

    const asking = askAllTheTime(stage)
    for (const node of cluster.nodes()) await roll(stage, node)
    const { asked, failed } = await asking.end()
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    const share = shareWithin(ours, mostReconnects)
    const percent = `${Math.round(share * 100)} %`
    return {
      drill: 'roll-the-cluster',
      ours: ours.report('Drained one by one, resuming from cursors', {
        backAtHeadMs,
        findings: [
          { name: 'Short requests that failed', value: `${failed.length} of ${counted(asked)}` },
          { name: 'At most two reconnects', value: percent },
        ],
        kept:
          nothingMissing(ours.ledger()) &&
          backAtHeadMs !== null &&
          failed.length === 0 &&
          share >= promisedShare,
      }),
      control: control.report('An event stream that reconnects without a cursor', {
        backAtHeadMs: controlBackMs,
        findings: [],
      }),
      timeline: stage.timeline,
      summary: `${cluster.nodes().length} nodes were replaced one after the other. Of ${counted(asked)} short requests through the balancer, ${failed.length === 0 ? 'none failed' : `${counted(failed.length)} failed (${failed[0]})`}; ${percent} of the clients with an open connection reconnected at most twice. Our ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The ${control.clients} clients without a cursor lost ${counted(lost)} of ${counted(expected)} entries.`,
    }
  },
})

async function roll(stage: Stage, node: ClusterNode): Promise<void> {
  const fault = stage.note(`${node.name} is drained and started again`)
  await node.restart()
  stage.ended(fault)
  // It receives traffic once the balancer has seen that it is ready.
  await stage.pause(1_500)
}

/** The share of clients that hold a connection, and reconnected at most this often. */
function shareWithin(arm: Arm, most: number): number {
  const each = arm.reconnectsEach(['sse', 'socket'])
  return each.filter((count) => count <= most).length / each.length
}

/** Short requests to webs and gateways in turn through the balancer, each on its own connection. */
function askAllTheTime({ testbed, cookie }: Stage) {
  const { gateways, stream } = testbed
  const paths = ['/api/auth/get-session', `/api/streams/${stream}?after=now`]
  const failed: string[] = []
  const running = new Set<Promise<void>>()
  let [asked, isOver] = [0, false]

  async function ask() {
    const path = paths[asked % paths.length]
    asked += 1
    try {
      const response = await fetch(`http://127.0.0.1:${gateways.short.port}${path}`, {
        headers: { cookie, connection: 'close' },
      })
      await response.bytes()
      if (!response.ok) failed.push(`${path}: ${response.status}`)
    } catch (error) {
      failed.push(`${path}: ${error instanceof Error ? error.message : error}`)
    }
  }

  async function go() {
    while (!isOver) {
      const asking = ask()
      running.add(asking)
      void asking.then(() => running.delete(asking))
      await sleep(askEveryMs)
    }
    await Promise.all(running)
  }
  const going = go()

  return {
    async end() {
      isOver = true
      await going
      return { asked, failed }
    },
  }
}
