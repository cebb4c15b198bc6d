import { nothingMissing } from './arm.ts'
import type { Drill } from './drill.ts'
import { besideNaive } from './lanes.ts'
import { ReconnectStorm } from './reconnect-storm.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery } from './words.ts'

const patienceMs = 25_000
/** A crowd counts as spread when less than this share of its connects falls into any tenth of a second. */
const spreadShare = 0.25

/** Some hundred clients lose their server at the same moment: they must not all reconnect at once. */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, { lanes: ['sse', 'socket'] }, async (stage) => {
      const { clients = 300, eventsPerSecond = 5, calmMs = 1_500, faultMs = 2_000 } = drilling.scale ?? {}
      const { ours, control, lines: each } = await besideNaive(stage, clients)
      const lines = each.flat()
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      for (const line of lines) {
        line.refuse()
        line.cut()
      }
      const fault = stage.note(`${counted(2 * clients)} connections were reset at once`, { forMs: faultMs })
      await stage.pause(faultMs)
      using herds = new ReconnectStorm(each)
      for (const line of lines) line.accept()
      stage.ended(fault)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      const [peak = 0, controlPeak = 0] = herds.peaks()
      await stage.finish()

      const most = (of: number) => ({ name: 'Most connects in 100 ms', value: counted(of) })
      return {
        drill: 'reconnect-herd',
        ours: ours.report('Exponential backoff with full jitter', {
          ...{ backAtHeadMs, findings: [most(peak)] },
          kept: nothingMissing(ours.ledger()) && backAtHeadMs !== null && peak <= clients * spreadShare,
        }),
        control: control.report('Everyone reconnects after the same 3 s', {
          ...{ backAtHeadMs: controlBackMs, findings: [most(controlPeak)] },
          kept: nothingMissing(control.ledger()) && controlPeak <= clients * spreadShare,
        }),
        timeline: stage.timeline,
        summary: `At most ${counted(peak)} of our ${clients} clients reconnected within the same 100 ms. All caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. Of the ${clients} clients that all wait equally long, ${counted(controlPeak)} reconnected within 100 ms, and ${counted(control.ledger().lost)} entries were lost.`,
      }
    }),
}
