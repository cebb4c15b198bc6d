import type { Drill } from './drill.ts'
import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 15_000

/**
 * Postgres crashes and comes back; no client loses its connection, and whoever relies on NOTIFY alone loses entries.
 */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, {}, async (stage) => {
      const { clients = 10, eventsPerSecond = 10, calmMs = 2_000, faultMs = 2_200 } = drilling.scale ?? {}
      const { testbed } = stage
      const naive = stage.use(await startNaiveServer(testbed))
      const ours = stage.arm(allFour(stage, clients))
      const control = stage.arm([{ lane: 'control', count: clients, port: naive.port }])
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      const fault = stage.note('Postgres crashed')
      await testbed.stopPostgres()
      await stage.pause(faultMs)
      await testbed.startPostgres()
      stage.ended(fault)
      stage.note('Postgres is back up')
      const awayMs = (fault.untilMs ?? 0) - fault.atMs
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      if (controlBackMs === null) stage.note('Still receives nothing', { lane: 'control' })
      await stage.finish()

      const { lost } = control.ledger()
      return {
        drill: 'restart-postgres',
        ours: ours.report('All four deliveries; each wake-up triggers a read of the log', {
          backAtHeadMs,
          findings: [{ name: 'Postgres was down', value: formatSeconds(awayMs) }],
        }),
        control: control.report('A server that forwards NOTIFY payloads', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Connections lost', value: counted(control.reconnects()) }],
        }),
        timeline: stage.timeline,
        summary: `Postgres was down for ${formatSeconds(awayMs)}. Our ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The server that only forwards NOTIFY payloads started listening again too late: its ${control.clients} clients stayed connected but lost ${counted(lost)} entries.`,
      }
    }),
}
