import { startBalancer } from '#server/cluster/balancer.ts'
import { freePort } from '#server/database/ports.ts'
import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { clusterDrill } from './on-cluster.ts'
import { counted, formatMissing, formatRecovery, formatSeconds } from './words.ts'

const patienceMs = 15_000
const timeoutMs = 3_000
const beatMs = 1_000

const timeout = `${timeoutMs}ms`
const tuning = { env: { CLIENT_TIMEOUT: timeout, SERVER_TIMEOUT: timeout, TUNNEL_TIMEOUT: timeout } }

/** The balancer cuts connections after three seconds of silence, while entries come only every five. */
export const drill = clusterDrill({
  ...{ gateways: 3, engines: [], tuning },
  settings: {
    HEARTBEAT_MS: `${beatMs}`,
    PING_INTERVAL_MS: `${beatMs}`,
    PING_TIMEOUT_MS: `${beatMs}`,
    MAX_WAIT_MS: `${2 * beatMs}`,
  },
  async play(stage, { entrance }, { scale }) {
    const { clients = 10, eventsPerSecond = 0.2, faultMs = 20_000 } = scale ?? {}
    const naive = stage.use(await startNaiveServer(stage.testbed))
    const port = await freePort()
    const servers = { gateways: new Map([['gateway-1', naive.port]]), webs: new Map() }
    const host = '127.0.0.1'
    const other = await startBalancer({ host, port, baseUrl: entrance, servers, tuning })
    stage.use({ [Symbol.asyncDispose]: other.destroy })
    const ours = stage.arm(allFour(stage, clients))
    const control = stage.arm([{ lane: 'control', count: clients, port }])
    await stage.begin(eventsPerSecond)
    stage.note(`Both balancers cut what is silent for ${formatSeconds(timeoutMs)}`, { forMs: faultMs })
    await stage.pause(faultMs)
    const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
    await stage.finish()

    const { lost, expected } = control.ledger()
    return {
      drill: 'idle-at-the-balancer',
      ours: ours.report(`A heartbeat every ${formatSeconds(beatMs)}`, {
        backAtHeadMs,
        findings: [{ name: 'Cut', value: counted(ours.reconnects()) }],
      }),
      control: control.report('No heartbeat, no cursor', {
        backAtHeadMs: controlBackMs,
        findings: [{ name: 'Cut', value: counted(control.reconnects()) }],
      }),
      timeline: stage.timeline,
      summary: `The balancers cut every connection that was silent for ${formatSeconds(timeoutMs)}, and an entry was written only every ${formatSeconds(1_000 / eventsPerSecond)}. Heartbeats kept ours open: ${counted(ours.reconnects())} of the ${ours.clients} clients’ connections were cut, and they caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. Without heartbeats, connections were cut ${counted(control.reconnects())} times, and the ${control.clients} clients lost ${counted(lost)} of ${counted(expected)} entries.`,
    }
  },
})
