import { endChild, launchChild } from './child.ts'
import { usageOf, type Writer, type Writing } from './testbed.ts'

/** Messages to the writer's process. */
export type WriterOrder =
  | { type: 'write'; id: number; writing: Writing }
  | { type: 'say'; id: number; count: number; payloadBytes: number }
  | { type: 'stop' }
export type WriterAnswer = { type: 'done'; id: number; written: number; lateMs: number }

const defaultPayloadBytes = 100

/** Starts the process that appends to `stream`; `settings` are a node's, for the engines. */
export async function startWriter(
  databaseUrl: string,
  stream: string,
  settings: Record<string, string> = {},
): Promise<Writer & { close(): Promise<void> }> {
  const child = await launchChild({
    file: `${import.meta.dirname}/writer-process.ts`,
    args: [databaseUrl, stream],
    env: settings,
    readyText: 'ready',
  })
  const waiting = new Map<number, PromiseWithResolvers<WriterAnswer>>()
  let orders = 0
  child.on('message', (answer: WriterAnswer) => {
    waiting.get(answer.id)?.resolve(answer)
    waiting.delete(answer.id)
  })
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('The writer has ended'))
  })

  function order(make: (id: number) => WriterOrder): Promise<WriterAnswer> {
    orders += 1
    const answered = Promise.withResolvers<WriterAnswer>()
    waiting.set(orders, answered)
    child.send(make(orders))
    return answered.promise
  }

  return {
    write: (writing) => order((id) => ({ type: 'write', id, writing })),
    async say(count, payloadBytes = defaultPayloadBytes) {
      await order((id) => ({ type: 'say', id, count, payloadBytes }))
    },
    stop: () => void (child.connected && child.send({ type: 'stop' } satisfies WriterOrder)),
    cpuMs: () => usageOf(child.pid ?? 0).cpuMs,
    close: () => endChild(child, 'SIGKILL'),
  }
}
