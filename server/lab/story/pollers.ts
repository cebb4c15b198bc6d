import { setTimeout as pause } from 'node:timers/promises'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import type { Door, Polled } from './poll-crowd.ts'

/** Messages to the pollers' process, and its responses. */
export type PollersAsk = { type: 'poll'; door: Door } | { type: 'rest' } | { type: 'count'; id: number }
export type PollersAnswer = { id: number; polled: Polled }

/** A crowd of pollers in its own process, which ends with this one. */
type Pollers = {
  /** Lets all poll there from now on. */
  poll(door: Door): void
  count(): Promise<Polled>
  /** Stops polling; resolves when every response has arrived. */
  rest(): Promise<void>
  close(): Promise<void>
}

const lookEveryMs = 20

export async function startPollers(count: number, pollMs: number): Promise<Pollers> {
  const child = await launchChild({
    file: `${import.meta.dirname}/pollers-process.ts`,
    args: [String(count), String(pollMs)],
    readyText: 'ready',
  })
  const waiting = new Map<number, PromiseWithResolvers<Polled>>()
  let asks = 0
  child.on('message', ({ id, polled }: PollersAnswer) => {
    waiting.get(id)?.resolve(polled)
    waiting.delete(id)
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The pollers have ended'))
  })
  const tell = (ask: PollersAsk) => void child.send(ask)

  function ask(): Promise<Polled> {
    if (!child.connected) return Promise.reject(new Error('The pollers have ended'))
    asks += 1
    const answered = Promise.withResolvers<Polled>()
    waiting.set(asks, answered)
    tell({ type: 'count', id: asks })
    return answered.promise
  }

  return {
    poll: (door) => tell({ type: 'poll', door }),
    count: ask,
    async rest() {
      tell({ type: 'rest' })
      while ((await ask()).waiting > 0) await pause(lookEveryMs)
    },
    close: () => endChild(child, 'SIGKILL'),
  }
}
