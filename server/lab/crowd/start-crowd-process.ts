import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import type { Crowd, CrowdOrder, CrowdState } from './crowd.ts'
import type { CrowdAnswer, CrowdAsk } from './crowd-message.ts'

/** A crowd in a process of its own, which ends with this one. */
export async function startCrowdProcess(order: CrowdOrder): Promise<Crowd> {
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
