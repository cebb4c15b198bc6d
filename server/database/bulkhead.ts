import { patience } from './with-timeout.ts'

/** Too many callers want the same thing at once, or it is held too long: nothing was begun. */
export class Overloaded extends Error {
  override name = 'Overloaded'
}

/**
 * Queues work before it takes a connection, so that a blocked room (loan, account, post) holds up only itself: for each
 * key one runs at a time, and all keys of a kind (`room` in `room:42`) together get a part of the connections.
 */
export type Bulkhead = {
  /**
   * Runs `work` in its turn. Throws `Overloaded`, before `work` begins, when that takes too long, or when the work
   * before it failed to get the resource.
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>
}

type Options = {
  perKind: number
  maxWaiting: number
  maxWaitMs: number
  /** Whether an error means that others waiting for the same key would wait in vain. */
  isHeld?: (error: unknown) => boolean
}
type Turn = PromiseWithResolvers<void>
type Queue = { running: number; waiting: Set<Turn> }

export function createBulkhead({ perKind, maxWaiting, maxWaitMs, isHeld = () => false }: Options): Bulkhead {
  const queues = new Map<string, Queue>()

  async function enter(name: string, atOnce: number) {
    const queue = queues.get(name) ?? { running: 0, waiting: new Set() }
    queues.set(name, queue)
    if (queue.running < atOnce) {
      queue.running += 1
      return
    }
    const turn = Promise.withResolvers<void>()
    queue.waiting.add(turn)
    const waiting = patience(maxWaitMs, () => {
      queue.waiting.delete(turn)
      turn.reject(new Overloaded(`"${name}" was busy for ${maxWaitMs} ms`))
    })
    await turn.promise.finally(waiting.end)
  }

  /** The longest waiter takes the slot of the one that leaves. */
  function leave(name: string) {
    const queue = queues.get(name)
    if (!queue) return
    const [next] = queue.waiting
    if (next) {
      queue.waiting.delete(next)
      next.resolve()
      return
    }
    queue.running -= 1
    if (queue.running === 0) queues.delete(name)
  }

  function turnAway(name: string) {
    for (const turn of queues.get(name)?.waiting ?? []) turn.reject(new Overloaded(`"${name}" is held`))
    queues.get(name)?.waiting.clear()
  }

  return {
    async run(key, work) {
      const waiting = queues.get(key)?.waiting.size ?? 0
      if (waiting >= maxWaiting) throw new Overloaded(`${waiting} wait for "${key}"`)
      const kind = `every ${key.split(':', 1)[0]}`
      await enter(key, 1)
      try {
        await enter(kind, perKind)
        try {
          return await work()
        } catch (error) {
          if (isHeld(error)) turnAway(key)
          throw error
        } finally {
          leave(kind)
        }
      } finally {
        leave(key)
      }
    },
  }
}
