import { once } from 'node:events'
import type { Server } from './core.ts'

/** What a server must be started with so that `liveBytes` can be asked of it. */
export const collectorFlags = ['--expose-gc', '--import', `${import.meta.dirname}/arms/collector.ts`]

/**
 * What lives in the server after a collection: objects and buffers. Of the resident memory, an app that has written a
 * history at its start holds more than a thousand connections need, and takes them without growing.
 */
export async function liveBytes(server: Server): Promise<number> {
  const told = once(server.child, 'message')
  server.child.send('collect')
  const [bytes] = await told
  return Number(bytes)
}
