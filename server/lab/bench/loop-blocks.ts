import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from './servers.ts'

/** What a Node server must be started with so that its event loop can be metered; the meter runs only when asked to. */
export const meterFlags = ['--import', `${import.meta.dirname}/arms/loop-meter.ts`]

/** `blockMs` is NaN of a server that is not of Node. */
export type Blocks = { blockMs: number; healthMs: number }

/**
 * How long something keeps a server from everything else: the longest block of its event loop, and the longest wait for
 * `/healthz` of a client in a process of its own.
 */
export async function longestBlocks({ child, port }: Server, work: () => Promise<unknown>): Promise<Blocks> {
  const probe = fork(`${import.meta.dirname}/arms/health-probe.ts`, {
    env: { ...process.env, PORT: String(port) },
  })
  await once(probe, 'message')
  if (child.channel) await asked(child, 'meter')
  await work()
  const blockMs = child.channel ? await asked(child, 'longest') : Number.NaN
  const healthMs = await asked(probe, 'longest')
  probe.kill()
  return { blockMs, healthMs }
}

async function asked(child: Server['child'], word: string): Promise<number> {
  const answer = once(child, 'message')
  child.send(word)
  const [value] = await answer
  return Number(value)
}
