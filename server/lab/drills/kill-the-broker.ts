import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { clusterDrill } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 30_000

/** Kafka's broker is killed and restarted: gateways read the log meanwhile, and the relay sends what is missing. */
export const drill = clusterDrill({
  gateways: 3,
  engines: ['kafka'],
  async play(stage, { engines: { kafka } }, { scale }) {
    const { clients = 12, eventsPerSecond = 10, calmMs = 2_000, faultMs = 4_000 } = scale ?? {}
    if (!kafka) throw new Error('The cluster has no Kafka')
    const carrier = { kind: 'kafka', brokers: kafka.brokers, group: 'naive', sends: true } as const
    const naive = stage.use(await startNaiveServer(stage.testbed, { carrier }))
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port: naive.port }])
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)

    await kafka.kill()
    const fault = stage.note('The broker was killed with SIGKILL')
    await stage.pause(faultMs)
    await kafka.start()
    stage.ended(fault)
    stage.note('The broker is listening again')
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    const awayMs = (fault.untilMs ?? 0) - fault.atMs
    return {
      drill: 'kill-the-broker',
      ours: ours.report('Entries over Kafka, or from the log', {
        backAtHeadMs,
        findings: [
          { name: 'Reconnects', value: counted(ours.reconnects()) },
          { name: 'Worst latency', value: formatSeconds(ours.worstMs()) },
        ],
      }),
      control: control.report('Sent to a topic without looking back', {
        backAtHeadMs: controlBackMs,
        findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
      }),
      timeline: stage.timeline,
      summary: `The broker was gone for ${formatSeconds(awayMs)}, while ${counted(stage.writtenDuring(fault))} entries were written. Our gateways read the log instead: the ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. A server that sends each entry once, and reads on from the end when the broker is back, lost ${counted(lost)} of ${counted(expected)} entries for its ${control.clients} clients.`,
    }
  },
})
