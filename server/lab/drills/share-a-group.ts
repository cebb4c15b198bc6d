import type { Arm } from './arm.ts'
import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { clusterDrill } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery } from './words.ts'

const patienceMs = 15_000
/** How long it takes until a second member has its partitions. */
const rebalanceMs = 8_000

/** Gateways that consume a topic in one group each receive a part of it, and so do their browsers. */
export const drill = clusterDrill({
  gateways: 3,
  engines: ['kafka'],
  async play(stage, { engines: { kafka } }, { scale }) {
    const { clients = 6, eventsPerSecond = 20, calmMs = 8_000 } = scale ?? {}
    if (!kafka) throw new Error('The cluster has no Kafka')
    const shared = { kind: 'kafka', brokers: kafka.brokers, group: 'gateways' } as const
    const start = async (sends: boolean) =>
      stage.use(await startNaiveServer(stage.testbed, { carrier: { ...shared, sends } }))
    const [first, second] = [await start(true), await start(false)]
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm(
      [first, second].map(({ port }) => ({ lane: 'control', count: clients, port }) as const),
    )
    await stage.pause(rebalanceMs)
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)
    const [backAtHeadMs = null] = await stage.backAtHead([ours], patienceMs)
    await stage.finish()

    const { lost, expected, received } = control.ledger()
    return {
      drill: 'share-a-group',
      ours: ours.report('Each gateway reads every partition, in no group', {
        backAtHeadMs,
        findings: [{ name: 'Received', value: shareOf(ours) }],
      }),
      control: control.report('Two gateways in one consumer group', {
        backAtHeadMs: null,
        findings: [{ name: 'Received', value: shareOf(control) }],
      }),
      timeline: stage.timeline,
      summary: `Two gateways in one consumer group divided the partitions between them: their ${control.clients} clients received ${counted(received)} of ${counted(expected)} entries, and ${counted(lost)} went only to clients of the other one. Ours each read the whole topic: the ${ours.clients} clients had everything ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}.`,
    }
  },
})

function shareOf(arm: Arm): string {
  const { received, expected } = arm.ledger()
  return `${Math.round((100 * received) / expected)} %`
}
