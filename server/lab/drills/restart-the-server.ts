import type { Drill } from './drill.ts'
import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 20_000

/** The servers are killed in mid-stream and restarted: whatever was only in their memory is gone. */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, {}, async (stage) => {
      const { clients = 10, eventsPerSecond = 10, calmMs = 2_000, faultMs = 1_000 } = drilling.scale ?? {}
      const gateway = stage.testbed.gateways.sse
      const naive = stage.use(await startNaiveServer(stage.testbed))
      const ours = stage.arm(allFour(stage, clients))
      const control = stage.arm([{ lane: 'control', count: clients, port: naive.port }])
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      const pid = gateway.pid()
      const fault = stage.note('Both servers were killed with SIGKILL')
      await Promise.all([gateway.end('SIGKILL'), naive.kill()])
      await stage.pause(faultMs)
      await Promise.all([gateway.start(), naive.start()])
      stage.ended(fault)
      stage.note('Both are listening again on the same ports')
      const awayMs = (fault.untilMs ?? 0) - fault.atMs
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      await stage.finish()

      const { lost, expected } = control.ledger()
      return {
        drill: 'restart-the-server',
        ours: ours.report('All four deliveries, resuming on a new process from their cursors', {
          backAtHeadMs,
          findings: [
            { name: 'Process', value: `${pid}, then ${gateway.pid()}` },
            { name: 'Reconnects', value: counted(ours.reconnects()) },
          ],
        }),
        control: control.report('A server without a log', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
        }),
        timeline: stage.timeline,
        summary: `Both servers were killed and down for ${formatSeconds(awayMs)}, while ${counted(stage.writtenDuring(fault))} entries were written. Our ${ours.clients} clients resumed on a new process and caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The server without a log had nothing to resume from: its ${control.clients} clients lost ${counted(lost)} of ${counted(expected)} entries.`,
      }
    }),
}
