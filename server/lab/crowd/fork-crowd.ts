import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import type { Commit, Crowd, CrowdOrder, CrowdState } from './crowd.ts'

export type { CrowdLane, CrowdState } from './crowd.ts'

/** A process may have a hard limit of 20,000 open files, and uses one core. */
const mostInOneProcess = 10_000

/** A crowd in a separate process or, when it is large, in one per lane. They end with this process. */
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
      // One after the other, to spare the listen queues.
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

/** A crowd in a separate process, which ends with this one. */
async function startCrowdProcess(order: CrowdOrder): Promise<Crowd> {
  const child = await launchChild({ file: `${import.meta.dirname}/crowd-process.ts`, readyText: 'ready' })
  const waiting = new Map<number, PromiseWithResolvers<CrowdState>>()
  let asks = 0
  child.on('message', (answer: CrowdAnswer) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('state' in answer) asked?.resolve(answer.state)
    else asked?.reject(new Error(answer.failure))
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The crowd has ended'))
  })

  function tell(ask: CrowdAsk) {
    if (child.connected) child.send(ask)
  }

  function ask(make: (id: number) => CrowdAsk): Promise<CrowdState> {
    if (!child.connected) return Promise.reject(new Error('The crowd has ended'))
    asks += 1
    const answered = Promise.withResolvers<CrowdState>()
    waiting.set(asks, answered)
    tell(make(asks))
    return answered.promise
  }

  tell({ type: 'begin', order })
  return {
    async open() {
      await ask((id) => ({ type: 'open', id }))
    },
    committed: (commits) => tell({ type: 'committed', commits }),
    figures: () => ask((id) => ({ type: 'figures', id })),
    finish: (patienceMs) => ask((id) => ({ type: 'finish', id, patienceMs })),
    close: () => endChild(child, 'SIGKILL'),
  }
}

/** Requests to a crowd's process, and its responses, matched by id. */
export type CrowdAsk =
  | { type: 'begin'; order: CrowdOrder }
  | { type: 'committed'; commits: Commit[] }
  | { type: 'open' | 'figures'; id: number }
  | { type: 'finish'; id: number; patienceMs: number }
export type CrowdAnswer = { id: number; state: CrowdState } | { id: number; failure: string }
