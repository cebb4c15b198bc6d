import { allFour } from './lanes.ts'
import { clusterDrill, gatewaysOf } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery } from './words.ts'

const patienceMs = 20_000

/** One of three gateways is killed: its clients reconnect through the balancer to the other two. */
export const drill = clusterDrill({
  gateways: 3,
  engines: ['redis'],
  async play(stage, cluster, { scale }) {
    const { clients = 12, eventsPerSecond = 20, calmMs = 2_000 } = scale ?? {}
    const [victim, ...others] = gatewaysOf(cluster)
    const port = stage.testbed.gateways.sse.port
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port }])
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)

    await victim?.kill()
    stage.note(`${victim?.name} was killed with SIGKILL; ${others.length} gateways are left`)
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    const reconnects = (arm: typeof ours) => ({ name: 'Reconnects', value: counted(arm.reconnects()) })
    return {
      drill: 'kill-a-gateway',
      ours: ours.report('All four deliveries, resuming on another gateway', {
        backAtHeadMs,
        findings: [reconnects(ours)],
      }),
      control: control.report('An event stream that reconnects without a cursor', {
        backAtHeadMs: controlBackMs,
        findings: [reconnects(control)],
      }),
      timeline: stage.timeline,
      summary: `One of three gateways was killed. Its clients reconnected through the balancer to the other two: all ${ours.clients} of ours caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The ${control.clients} clients without a cursor lost ${counted(lost)} of ${counted(expected)} entries.`,
    }
  },
})
