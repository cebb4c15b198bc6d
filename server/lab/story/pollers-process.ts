/** The story's pollers in their own process, controlled over the IPC channel. */
import { PollCrowd } from './poll-crowd.ts'
import type { PollersAnswer, PollersAsk } from './pollers.ts'

const [count = '1', pollMs = '5000'] = process.argv.slice(2)
const crowd = new PollCrowd(Number(count), Number(pollMs))
let port: number | undefined

process.on('message', (ask: PollersAsk) => {
  switch (ask.type) {
    case 'poll':
      crowd.poll(ask.door, ask.door.port === port)
      port = ask.door.port
      break
    case 'rest':
      crowd.rest()
      break
    case 'count':
      process.send?.({ id: ask.id, polled: crowd.polled() } satisfies PollersAnswer)
  }
})
process.on('disconnect', () => process.exit())
console.log('ready')
