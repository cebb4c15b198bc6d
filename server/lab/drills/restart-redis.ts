import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { clusterDrill } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 20_000

/** Redis is killed and restarted empty: what is published meanwhile reaches nobody. */
export const drill = clusterDrill({
  gateways: 3,
  engines: ['redis'],
  async play(stage, { engines: { redis } }, { scale }) {
    const { clients = 12, eventsPerSecond = 10, calmMs = 2_000, faultMs = 3_000 } = scale ?? {}
    if (!redis) throw new Error('The cluster has no Redis')
    const naive = stage.use(
      await startNaiveServer(stage.testbed, { carrier: { kind: 'redis', url: redis.url } }),
    )
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port: naive.port }])
    await stage.begin(eventsPerSecond)
    await stage.pause(calmMs)

    await redis.kill()
    const fault = stage.note('Redis was killed with SIGKILL')
    await stage.pause(faultMs)
    await redis.start()
    stage.ended(fault)
    stage.note('Redis is listening again, with nothing in it')
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    const awayMs = (fault.untilMs ?? 0) - fault.atMs
    return {
      drill: 'restart-redis',
      ours: ours.report('Wake-ups over Redis, entries from the log', {
        backAtHeadMs,
        findings: [
          { name: 'Reconnects', value: counted(ours.reconnects()) },
          { name: 'Worst latency', value: formatSeconds(ours.worstMs()) },
        ],
      }),
      control: control.report('Entries over plain Redis pub/sub', {
        backAtHeadMs: controlBackMs,
        findings: [{ name: 'Reconnects', value: counted(control.reconnects()) }],
      }),
      timeline: stage.timeline,
      summary: `Redis was gone for ${formatSeconds(awayMs)}, while ${counted(stage.writtenDuring(fault))} entries were written. Our gateways found them in the log: the ${ours.clients} clients caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. Plain pub/sub keeps nothing: its ${control.clients} clients kept their connections and lost ${counted(lost)} of ${counted(expected)} entries.`,
    }
  },
})
