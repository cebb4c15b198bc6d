import { allFour, overLines } from './all-four.ts'
import type { Drill } from './drill.ts'
import { Herd } from './herd.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { onStage } from './stage.ts'
import { backIn, counted, missing } from './words.ts'

const calmMs = 1_500
const patienceMs = 25_000
/** A crowd whose connects are spread has fewer than this share of them in any tenth of a second. */
const spreadShare = 0.25

/** Some hundred clients lose their server at the same moment: it must not be met by all of them at once. */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, { lanes: ['sse', 'socket'] }, async (stage) => {
      const { clients = 300, eventsPerSecond = 5, faultMs = 1_000 } = drilling.scale ?? {}
      const naive = stage.use(await startNaiveServer(stage.testbed))
      const held = allFour(stage, clients / 2).filter(({ lane }) => lane === 'sse' || lane === 'socket')
      const built = await overLines(stage, held)
      const naiveLine = await overLines(stage, [{ lane: 'control', count: clients, port: naive.port }])
      const ours = stage.arm(built.lanes)
      const control = stage.arm(naiveLine.lanes)
      const lines = [...built.lines, ...naiveLine.lines]
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      for (const line of lines) {
        line.refuse()
        line.cut()
      }
      const fault = stage.note(`${counted(2 * clients)} connections were reset at once`, { forMs: faultMs })
      await stage.pause(faultMs)
      using herds = new Herd([built.lines, naiveLine.lines])
      for (const line of lines) line.accept()
      stage.ended(fault)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      const [peak = 0, controlPeak = 0] = herds.peaks()
      await stage.finish()

      const most = (of: number) => ({ name: 'Most connects in 100 ms', value: counted(of) })
      return {
        drill: 'reconnect-herd',
        ours: ours.report('Pauses at random, up to a bound that doubles', {
          ...{ backAtHeadMs, findings: [most(peak)] },
          kept: ours.ledger().lost === 0 && backAtHeadMs !== null && peak <= clients * spreadShare,
        }),
        control: control.report('Everybody comes back after the same 3 s', {
          ...{ backAtHeadMs: controlBackMs, findings: [most(controlPeak)] },
          kept: control.ledger().lost === 0 && controlPeak <= clients * spreadShare,
        }),
        timeline: stage.timeline,
        summary: `Of our ${clients} clients at most ${counted(peak)} came back in the same tenth of a second; all were at the head ${backIn(backAtHeadMs)}, with ${missing(ours.ledger().lost)}. Of the ${clients} that all wait for the same time, ${counted(controlPeak)} came in one tenth of a second, and ${counted(control.ledger().lost)} entries were lost on the way.`,
      }
    }),
}
