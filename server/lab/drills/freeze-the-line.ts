import type { Drill } from './drill.ts'
import { allFour, overProxies } from './lanes.ts'
import { openNaiveSocket } from './naive/start-naive-server.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 15_000

/**
 * Nothing passes and nothing is closed: only a client that expects heartbeats notices, and then it needs its cursor.
 */
export const drill: Drill = {
  run(drilling) {
    const {
      clients = 5,
      eventsPerSecond = 10,
      calmMs = 2_000,
      faultMs = 30_000,
      beatMs = 5_000,
    } = drilling.scale ?? {}
    const beat = String(beatMs)
    const settings = { HEARTBEAT_MS: beat, PING_INTERVAL_MS: beat, PING_TIMEOUT_MS: beat }
    return onStage(drilling, { settings }, async (stage) => {
      const { gateways } = stage.testbed
      const built = await overProxies(stage, allFour(stage, clients))
      const naive = await overProxies(stage, [
        { lane: 'control', count: clients, port: gateways.socket.port, openClient: openNaiveSocket },
      ])
      const ours = stage.arm(built.lanes)
      const control = stage.arm(naive.lanes)
      const lines = [...built.lines, ...naive.lines]
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      for (const line of lines) line.freeze()
      const fault = stage.note('The network froze: no traffic, and no connection is closed', {
        forMs: faultMs,
      })
      await stage.pause(faultMs)
      for (const line of lines) line.thaw()
      stage.ended(fault)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      await stage.finish()

      const { lost, expected } = control.ledger()
      const written = stage.writtenDuring(fault)
      return {
        drill: 'freeze-the-line',
        ours: ours.report('All four deliveries, resuming from their cursors', {
          backAtHeadMs,
          findings: [{ name: 'Reconnects', value: counted(ours.reconnects()) }],
        }),
        control: control.report('Socket.IO with defaults, receiving only new entries', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
        }),
        timeline: stage.timeline,
        summary: `For ${formatSeconds(faultMs)} there was no traffic and no connection was closed, while ${counted(written)} entries were written. After that, our ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The naive sockets timed out and reconnected without a cursor: ${counted(lost)} of their ${counted(expected)} entries never arrived.`,
      }
    })
  },
}
