import type { Drill } from './drill.ts'
import { allFour, overProxies } from './lanes.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 15_000

/**
 * All connections are reset, and new ones refused for a while: reconnecting clients must say what they have received.
 */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, {}, async (stage) => {
      const { clients = 10, eventsPerSecond = 10, calmMs = 2_000, faultMs = 10_000 } = drilling.scale ?? {}
      const { gateways } = stage.testbed
      const built = await overProxies(stage, allFour(stage, clients))
      const naive = await overProxies(stage, [{ lane: 'control', count: clients, port: gateways.sse.port }])
      const ours = stage.arm(built.lanes)
      const control = stage.arm(naive.lanes)
      const lines = [...built.lines, ...naive.lines]
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      const cut = lines.reduce((sum, line) => sum + line.open(), 0)
      for (const line of lines) {
        line.refuse()
        line.cut()
      }
      const fault = stage.note(`All ${cut} connections were reset, and new ones are refused`, {
        forMs: faultMs,
      })
      await stage.pause(faultMs)
      for (const line of lines) line.accept()
      stage.ended(fault)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      await stage.finish()

      const { lost, expected } = control.ledger()
      return {
        drill: 'cut-everybody',
        ours: ours.report('All four deliveries, resuming from their cursors', {
          backAtHeadMs,
          findings: [{ name: 'Reconnects', value: counted(ours.reconnects()) }],
        }),
        control: control.report('An event stream that reconnects without a cursor', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
        }),
        timeline: stage.timeline,
        summary: `${cut} connections were reset, and new ones were refused for ${formatSeconds(faultMs)}. Our ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The ${control.clients} clients without a cursor only received new entries after reconnecting, and lost ${counted(lost)} of ${counted(expected)} entries.`,
      }
    }),
}
