/** One run in a process of its own, which ends with the process that started it. */
import type { StoryMode } from '#server/protocol/lab.ts'
import type { FromRun, ToRun } from '#server/protocol/run-message.ts'
import { playRun } from './play-run.ts'

const stopping = new AbortController()
const modeListeners: ((mode: StoryMode) => void)[] = []
const say = (message: FromRun) => void (process.connected && process.send?.(message))

async function play({ order, runId, trustedOrigins }: Extract<ToRun, { type: 'play' }>) {
  try {
    const outcome = await playRun(order, {
      ...{ runId, tell: say, signal: stopping.signal, pageOrigins: trustedOrigins },
      admit: (signIn) => say({ type: 'sign-in', signIn }),
      modes: { onMode: (listener) => void modeListeners.push(listener) },
    })
    say({ type: 'outcome', outcome, stopped: stopping.signal.aborted })
  } catch (error) {
    say({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  }
  process.disconnect()
}

process.on('message', (message: ToRun) => {
  if (message.type === 'play') void play(message)
  else if (message.type === 'stop') stopping.abort()
  else for (const listen of modeListeners) listen(message.mode)
})
// Its parent has gone, or has heard the outcome: what the testbed started ends with this process.
process.on('disconnect', () => process.exit())
