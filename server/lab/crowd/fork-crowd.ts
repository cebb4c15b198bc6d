import type { Crowd, CrowdOrder, CrowdState } from './crowd.ts'
import { startCrowdProcess } from './start-crowd-process.ts'

export type { CrowdLane, CrowdState } from './crowd.ts'

/** A process may have a hard limit of 20,000 open files, and one core. */
const mostInOneProcess = 10_000

/** A crowd outside of this process: in one of its own, or one for each lane when it is large. They end with this one. */
export async function forkCrowd(order: CrowdOrder): Promise<Crowd> {
  const { lanes } = order
  const count = lanes.reduce((sum, lane) => sum + lane.count, 0)
  if (count <= mostInOneProcess) return startCrowdProcess(order)
  return together(await Promise.all(lanes.map((lane) => startCrowdProcess({ ...order, lanes: [lane] }))))
}

function together(crowds: readonly Crowd[]): Crowd {
  const all = async (ask: (crowd: Crowd) => Promise<CrowdState>) =>
    (await Promise.all(crowds.map(ask))).reduce((sum, { lanes, cpuMs }) => ({
      lanes: { ...sum.lanes, ...lanes },
      cpuMs: sum.cpuMs + cpuMs,
    }))
  return {
    async open() {
      // One after the other, for the sake of the listen queues.
      for (const crowd of crowds) await crowd.open()
    },
    committed(commits) {
      for (const crowd of crowds) crowd.committed(commits)
    },
    figures: () => all((crowd) => crowd.figures()),
    finish: (patienceMs) => all((crowd) => crowd.finish(patienceMs)),
    async close() {
      await Promise.all(crowds.map((crowd) => crowd.close()))
    },
  }
}
