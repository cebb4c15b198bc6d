/** A crowd in its own process, controlled over the IPC channel. */
import { createCrowd } from './create-crowd.ts'
import type { Crowd, CrowdState } from './crowd.ts'
import type { CrowdAnswer, CrowdAsk } from './fork-crowd.ts'

let crowd: Crowd | undefined

function answer(message: CrowdAnswer) {
  process.send?.(message)
}

async function handle(crowd: Crowd, ask: CrowdAsk & { id: number }): Promise<CrowdState> {
  if (ask.type === 'finish') return crowd.finish(ask.patienceMs)
  if (ask.type === 'open') await crowd.open()
  return crowd.figures()
}

process.on('message', (ask: CrowdAsk) => {
  if (ask.type === 'begin') crowd = createCrowd(ask.order)
  else if (!crowd) throw new Error('Cannot do that: the crowd has not been ordered yet')
  else if (ask.type === 'committed') crowd.committed(ask.commits)
  else {
    const { id } = ask
    handle(crowd, ask).then(
      (state) => answer({ id, state }),
      (error: Error) => answer({ id, failure: error.message }),
    )
  }
})
process.on('disconnect', () => process.exit())
console.log('ready')
