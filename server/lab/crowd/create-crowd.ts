import { setTimeout as pause } from 'node:timers/promises'
import { LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { Crowd, CrowdOrder, CrowdState } from './crowd.ts'
import { LaneCrowd } from './lane-crowd.ts'

/** The size of a burst of connections, which fits a listen queue. */
const burst = 200
/** How long a burst may delay the next one, and how long to wait for all: some may never get through. */
const burstMs = 2_000
const allMs = 20_000
const lookEveryMs = 10
/** How long to wait for a reconnected naive client: what it missed, it never gets. */
const naivePatienceMs = 2_000

/** Creates a crowd in this process. */
export function createCrowd(order: CrowdOrder): Crowd {
  const truth = new LedgerTruth()
  const committedAtMs: number[] = []
  const lanes = order.lanes.map((lane) => ({
    name: lane.lane,
    count: lane.count,
    crowd: new LaneCrowd(order, lane, truth, committedAtMs),
  }))
  let isOver = false

  function close() {
    for (const { crowd } of lanes) crowd.close()
  }

  function state(): CrowdState {
    const { user, system } = process.cpuUsage()
    return {
      lanes: Object.fromEntries(lanes.map(({ name, crowd }) => [name, crowd.figures(isOver)])),
      cpuMs: (user + system) / 1_000,
    }
  }

  return {
    async open() {
      const all = lanes.flatMap(({ crowd, count }) => Array.from({ length: count }, () => crowd))
      const opened: Promise<void>[] = []
      const within = (ms: number, letIn: Promise<void>[]) =>
        Promise.race([Promise.all(letIn), pause(ms, undefined, { ref: false })])
      for (let at = 0; at < all.length; at += burst) {
        const letIn = all.slice(at, at + burst).map((crowd) => crowd.openOne())
        opened.push(...letIn)
        await within(burstMs, letIn)
      }
      await within(allMs, opened)
    },
    committed(commits) {
      for (const { seq, atMs, sum } of commits) {
        truth.told(seq, sum)
        committedAtMs.push(atMs)
        for (const { crowd } of lanes) crowd.arrivals.committed(seq, atMs)
      }
    },
    figures: async () => state(),
    async finish(patienceMs) {
      const startedAt = performance.now()
      const waitedMs = () => performance.now() - startedAt
      const isWaitedFor = ({ crowd }: { crowd: LaneCrowd }) => {
        const isBack = crowd.isNaive && crowd.isConnected() && waitedMs() > naivePatienceMs
        return !isBack && !crowd.hasAll()
      }
      while (lanes.some(isWaitedFor) && waitedMs() < patienceMs) await pause(lookEveryMs)
      // Before the ledgers are settled, so that nobody receives anything afterwards.
      close()
      isOver = true
      return state()
    },
    async close() {
      close()
    },
  }
}
