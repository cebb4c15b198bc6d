import type { Gateway } from '#server/lab/testbed/testbed.ts'
import { nothingMissing } from './arm.ts'
import type { Drill } from './drill.ts'
import { besideNaive } from './lanes.ts'
import type { NaiveServer } from './naive/start-naive-server.ts'
import { onStage } from './stage.ts'
import { counted, formatMissing, formatRecovery, megabytes } from './words.ts'

/** They have 18 MB each to catch up with, on a machine that may be busy. */
const patienceMs = 90_000
const cutWithinMs = 10_000
const lookEveryMs = 100
const maxBufferBytes = 1_000_000
/** As much as fits a Postgres notification, leaving room for the rest of the entry. */
const payloadBytes = 7_000
const entriesAtOnce = 50
/** More than the kernel buffers for a client's connection. */
const floodBytes = 18_000_000

/** Clients stop reading while much is written: the server must either drop them or fill its memory. */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, { settings: { MAX_BUFFER_BYTES: String(maxBufferBytes) } }, async (stage) => {
      const { clients = 6, eventsPerSecond = 5, calmMs = 1_500 } = drilling.scale ?? {}
      const { testbed } = stage
      const gateway = testbed.gateways.sse
      const { naive, ours, control, lines: each } = await besideNaive(stage, clients)
      const lines = each.flat()
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      const before = await usedBy(gateway, naive)
      for (const line of lines) line.holdAnswers()
      const fault = stage.note('All clients stop reading')
      const peak = { ...before }
      for (let sent = 0; sent < floodBytes; sent += entriesAtOnce * payloadBytes) {
        await testbed.writer.say(entriesAtOnce, payloadBytes)
        await stage.pause(0)
        const now = await usedBy(gateway, naive)
        for (const key of ['ours', 'naive', 'queued'] as const) peak[key] = Math.max(peak[key], now[key])
      }
      // On a busy machine the server lags behind the writes, and cuts a little later.
      let cuts = 0
      for (let waitedMs = 0; cuts < clients && waitedMs < cutWithinMs; waitedMs += lookEveryMs) {
        await stage.pause(lookEveryMs)
        cuts = await slowCuts(gateway.port)
      }
      stage.note(`${cuts} were disconnected as slow readers`, { lane: 'sse' })
      stage.note(`${megabytes(peak.queued)} queued in the server’s memory`, { lane: 'control' })
      for (const line of lines) line.thaw()
      stage.ended(fault)
      const [backAtHeadMs = null, controlBackMs = null] = await stage.backAtHead([ours, control], patienceMs)
      await stage.finish()

      const grown = { ours: peak.ours - before.ours, naive: peak.naive - before.naive }
      const memory = (bytes: number) => ({ name: 'Server memory', value: `+${megabytes(bytes)}` })
      const bound = maxBufferBytes * clients
      return {
        drill: 'stop-reading',
        ours: ours.report('Disconnected at 1 MB, then resumed', {
          backAtHeadMs,
          findings: [{ name: 'Disconnected as slow', value: counted(cuts) }, memory(grown.ours)],
          kept: nothingMissing(ours.ledger()) && backAtHeadMs !== null && cuts >= clients,
        }),
        control: control.report('A server that queues everything unread', {
          backAtHeadMs: controlBackMs,
          findings: [{ name: 'Queued', value: megabytes(peak.queued) }, memory(grown.naive)],
          kept: peak.queued <= bound,
        }),
        timeline: stage.timeline,
        summary: `While ${clients} clients didn’t read, our server closed connections ${counted(cuts)} times rather than queue more than 1 MB for any of them. Once they read again, they caught up ${formatRecovery(backAtHeadMs)}, with ${formatMissing(ours.ledger())}. The naive server queued ${megabytes(peak.queued)} for as many clients, and its memory grew by ${megabytes(grown.naive)}, without a limit.`,
      }
    }),
}

/** Memory of both servers, and the naive server's queues. */
async function usedBy(gateway: Gateway, naive: NaiveServer) {
  return {
    ours: gateway.usage().residentBytes,
    naive: naive.residentBytes(),
    queued: await naive.queuedBytes(),
  }
}

/** How many streams and sockets a server has cut so far as slow readers, by its own metrics. */
async function slowCuts(port: number): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  const lines = (await answer.text()).split('\n')
  return lines
    .filter((line) => line.startsWith('wireside_streams_ended_total{') && line.includes('"slow"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
