import { allFour } from './lanes.ts'
import { clusterDrill } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 20_000

/** The balancer is killed and restarted: every connection goes through it, so every client loses its own. */
export const drill = clusterDrill({
  gateways: 3,
  engines: ['redis'],
  async play(stage, { engines: { haproxy } }, { scale }) {
    const { clients = 12, eventsPerSecond = 10, calmMs = 2_000, faultMs = 2_000 } = scale ?? {}
    const port = stage.testbed.gateways.sse.port
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port }])
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)

    await haproxy?.kill()
    const fault = stage.note('The balancer was killed with SIGKILL, and every connection with it')
    await stage.pause(faultMs)
    await haproxy?.start()
    stage.ended(fault)
    stage.note('The balancer is listening again; the gateways ran on')
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    const awayMs = (fault.untilMs ?? 0) - fault.atMs
    return {
      drill: 'restart-the-balancer',
      ours: ours.report('All four deliveries, resuming from their cursors', {
        backAtHeadMs,
        findings: [{ name: 'Reconnects', value: counted(ours.reconnects()) }],
      }),
      control: control.report('An event stream that reconnects without a cursor', {
        backAtHeadMs: controlBackMs,
        findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
      }),
      timeline: stage.timeline,
      summary: `The balancer was gone for ${formatSeconds(awayMs)}, while ${counted(stage.writtenDuring(fault))} entries were written. Our ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The ${control.clients} clients without a cursor lost ${counted(lost)} of ${counted(expected)} entries.`,
    }
  },
})
