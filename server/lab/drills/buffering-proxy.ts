import { openWatchfulStream } from '../clients/watchful-stream.ts'
import { bufferingProxy } from '../network/buffering-proxy.ts'
import { type ArmLane, nothingMissing } from './arm.ts'
import type { Drill } from './drill.ts'
import { allFour, overProxies } from './lanes.ts'
import { onStage, type Stage } from './stage.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

/**
 * A proxy starts to hold responses until they are complete, which an event stream never is. Every client reconnects
 * through it; only one that also polls can tell it from a quiet stream.
 */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, {}, async (stage) => {
      const { clients = 5, eventsPerSecond = 10, calmMs = 2_000, faultMs = 15_000 } = drilling.scale ?? {}
      let fallbacks = 0
      const openClient = openWatchfulStream(() => {
        fallbacks += 1
        if (fallbacks === clients) {
          stage.note('All detected it and switched to long polling', { lane: 'sse' })
        }
      })
      const built = await behindBoxes(
        stage,
        allFour(stage, clients).map((lane) => (lane.lane === 'sse' ? { ...lane, openClient } : lane)),
      )
      const naive = await behindBoxes(stage, [
        { lane: 'control', count: clients, port: stage.testbed.gateways.sse.port },
      ])
      const ours = stage.arm(built.lanes)
      const control = stage.arm(naive.lanes)
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      for (const { hold, cut } of [built, naive]) {
        hold()
        cut()
      }
      const fault = stage.note(
        'A proxy now buffers every response until it’s complete; all clients reconnect through it',
        {
          forMs: faultMs,
        },
      )
      const untilOver = stage.pause(faultMs)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], faultMs)
      await untilOver
      stage.ended(fault)
      await stage.finish()

      const { lost, late, expected } = control.ledger()
      const unshown = lost + late
      return {
        drill: 'buffering-proxy',
        ours: ours.report('All four deliveries, with detection of silence', {
          backAtHeadMs,
          findings: [{ name: 'Fell back to long polling', value: `${fallbacks} of ${clients}` }],
          kept: nothingMissing(ours.ledger()) && backAtHeadMs !== null && fallbacks >= clients,
        }),
        control: control.report('An event stream that keeps waiting', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Never shown', value: counted(unshown) }],
        }),
        timeline: stage.timeline,
        summary: `Behind the proxy, ${fallbacks} of our ${clients} event streams stopped waiting and switched to long polling. All four deliveries caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The plain event streams kept waiting for frames that the proxy buffered: ${counted(unshown)} of their ${counted(expected)} entries hadn’t been shown when the drill ended ${formatSeconds(faultMs)} later.`,
      }
    }),
}

/** The same lanes, each through a proxy that can be cut and one that can start buffering. */
async function behindBoxes(stage: Stage, lanes: readonly ArmLane[]) {
  const boxes = await Promise.all(
    lanes.map(async ({ port }) => {
      const box = await bufferingProxy(port, { hold: 'nothing' })
      stage.use({ [Symbol.asyncDispose]: () => box.close() })
      return box
    }),
  )
  const behind = lanes.map((lane, nth) => ({ ...lane, port: boxes[nth]?.port ?? lane.port }))
  const over = await overProxies(stage, behind)
  return {
    lanes: over.lanes,
    hold() {
      for (const box of boxes) box.hold({ hold: 'until-end' })
    },
    cut() {
      for (const line of over.lines) line.cut()
    },
  }
}
