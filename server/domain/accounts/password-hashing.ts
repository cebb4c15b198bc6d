import { AsyncLocalStorage } from 'node:async_hooks'
import { availableParallelism } from 'node:os'
import { hashPassword, verifyPassword } from 'better-auth/crypto'

/** The hashing queue is full: retry in a moment. */
export class HashingBusy extends Error {
  override name = 'HashingBusy'
}

/** The client that passwords are hashed for, and how many of its hashes may wait at a time. */
type HashingTurn = { client: string; mostWaiting: number }

export type PasswordHashing = {
  hash(password: string): Promise<string>
  verify(given: { hash: string; password: string }): Promise<boolean>
  /** Runs `work`; what it hashes waits in this client's queue. */
  inTurnOf<T>(turn: HashingTurn, work: () => Promise<T>): Promise<T>
}

type Job = { start(): void; refuse(error: HashingBusy): void }

const mostWaitingInAll = 64
/**
 * One hash takes a core for 100 ms: this leaves a core to the event loop, and two of libuv's four threads to file I/O.
 */
const coresForHashing = Math.min(2, Math.max(1, availableParallelism() - 1))
const nobody: HashingTurn = { client: '', mostWaiting: mostWaitingInAll }

/**
 * The one gate before scrypt, for sign-in, sign-up and everything else that hashes a password.
 *
 * Clients take turns, so a burst from one delays another by one hash at most. When the queue is full, the client with
 * the most waiting hashes loses its newest. Throws `HashingBusy`.
 */
export function createPasswordHashing(
  atOnce = coresForHashing,
  scrypt: Pick<PasswordHashing, 'hash' | 'verify'> = { hash: hashPassword, verify: verifyPassword },
): PasswordHashing {
  const turns = new AsyncLocalStorage<HashingTurn>()
  const queues = new Map<string, Job[]>()
  let waiting = 0
  let running = 0

  async function gated<T>(work: () => Promise<T>): Promise<T> {
    if (running < atOnce) running += 1
    else await turnOf(turns.getStore() ?? nobody)
    try {
      return await work()
    } finally {
      // The slot passes to the next waiter directly, so that no newcomer can take it in between.
      const next = takeNext()
      if (next) next.start()
      else running -= 1
    }
  }

  function turnOf({ client, mostWaiting }: HashingTurn): Promise<void> {
    const own = queues.get(client) ?? []
    if (own.length >= mostWaiting || (waiting >= mostWaitingInAll && !displaceFor(own))) throw busy()
    waiting += 1
    queues.set(client, own)
    return new Promise((start, refuse) => own.push({ start, refuse }))
  }

  /** Evicts the newest of the longest queue, if that is longer than this one will be. */
  function displaceFor(own: readonly Job[]): boolean {
    const longest = [...queues.values()].reduce((one, other) => (other.length > one.length ? other : one), [])
    if (longest.length <= own.length + 1) return false
    waiting -= 1
    longest.pop()?.refuse(busy())
    return true
  }

  function takeNext(): Job | undefined {
    const [first] = queues
    if (!first) return undefined
    const [client, jobs] = first
    const job = jobs.shift()
    waiting -= 1
    // Moves the client to the end of the rotation.
    queues.delete(client)
    if (jobs.length > 0) queues.set(client, jobs)
    return job
  }

  return {
    hash: (password) => gated(() => scrypt.hash(password)),
    verify: (given) => gated(() => scrypt.verify(given)),
    inTurnOf: (turn, work) => turns.run(turn, work),
  }
}

function busy(): HashingBusy {
  return new HashingBusy('Too many are signing in at this moment')
}
