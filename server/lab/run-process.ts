/** One run in its own process, which ends with the process that started it. */
import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { FromRun, ToRun } from '#server/protocol/run-message.ts'
import { playRun } from './play-run.ts'

const stopping = new AbortController()
const modeListeners: ((mode: StoryMode) => void)[] = []
const actionListeners: ((action: ClusterAction) => void)[] = []
let isWatched = false
const watchedListeners: ((isWatched: boolean) => void)[] = []
const say = (message: FromRun) => void (process.connected && process.send?.(message))

async function play({ order, runId, trustedOrigins }: Extract<ToRun, { type: 'play' }>) {
  try {
    const outcome = await playRun(order, {
      ...{ runId, tell: say, signal: stopping.signal, pageOrigins: trustedOrigins },
      admit: (signIn) => say({ type: 'sign-in', signIn }),
      modes: { onMode: (listener) => void modeListeners.push(listener) },
      cluster: {
        onAction: (listener) => void actionListeners.push(listener),
        onWatched(listener) {
          watchedListeners.push(listener)
          listener(isWatched)
        },
      },
    })
    say({ type: 'outcome', outcome, stopped: stopping.signal.aborted })
  } catch (error) {
    say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
  process.disconnect()
}

process.on('message', (message: ToRun) => {
  switch (message.type) {
    case 'play':
      return void play(message)
    case 'stop':
      return stopping.abort()
    case 'mode':
      for (const listen of modeListeners) listen(message.mode)
      break
    case 'action':
      for (const listen of actionListeners) listen(message.action)
      break
    case 'watched':
      isWatched = message.isWatched
      for (const listen of watchedListeners) listen(isWatched)
  }
})
// The parent is gone, or has received the outcome: what the testbed started ends with this process.
process.on('disconnect', () => process.exit())
