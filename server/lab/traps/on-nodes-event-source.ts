import { Worker } from 'node:worker_threads'
import type { Walked } from './arms/agent.ts'

export type SourceTrap = 'event-source-ends-on-503' | 'offline-tabs'

/** Runs the trap with Node's EventSource, which is behind a flag: in a worker, because the flag is per thread. */
export function onNodesEventSource(trap: SourceTrap, at: string, signal: AbortSignal): Promise<Walked> {
  const worker = new Worker(new URL('./source-worker.ts', import.meta.url), {
    workerData: { trap, at },
    execArgv: ['--experimental-eventsource', '--disable-warning=UNDICI-ES'],
  })
  const leave = () => void worker.terminate()
  signal.addEventListener('abort', leave, { once: true })
  return new Promise<Walked>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(signal.reason ?? new Error('The worker ended without a result')))
  }).finally(() => signal.removeEventListener('abort', leave))
}
