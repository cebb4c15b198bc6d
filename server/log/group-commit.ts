import { AsyncLocalStorage } from 'node:async_hooks'
import { Overloaded } from '#server/database/bulkhead.ts'
import { countingQueries, queryCharge } from '#server/database/client.ts'
import { isDatabaseAway } from '#server/database/unavailable.ts'

/** The result or the refusal of each item, in the order in which the items were given. */
export type Outcomes<Result> = readonly PromiseSettledResult<Result>[]

/** What `get` returns or throws, as an outcome. */
export function outcomeOf<Result>(get: () => Result): PromiseSettledResult<Result> {
  try {
    return { status: 'fulfilled', value: get() }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}

type Waiting<Item, Result> = PromiseWithResolvers<Result> & {
  item: Item
  charge(queries: number): void
}

type Parts<Item, Result> = {
  /** Runs `work` when it is the key's turn. */
  inTurn(key: string, work: () => Promise<void>): Promise<void>
  /** Commits several items in one transaction. If it throws, all of them are rolled back. */
  commit(key: string, items: readonly Item[]): Promise<Outcomes<Result>>
  mostWaiting: number
}

/**
 * Group commit: while one transaction waits for the disk, what arrives for the same key gathers for the next one. Each
 * item is settled after the commit, and by itself: one that is refused, or that Postgres rejects, does not affect the
 * others. Throws `Overloaded` when too many wait, or when their turn does not come in time.
 */
export function createGroupCommit<Item, Result>({ inTurn, commit, mostWaiting }: Parts<Item, Result>) {
  type Group = Waiting<Item, Result>[]
  /** Items by key whose turn has not come. */
  const gathering = new Map<string, Group>()
  // A transaction serves many callers: it must not be charged to the async context of the first one.
  const forAll = AsyncLocalStorage.snapshot()

  async function run(key: string, group: Group) {
    try {
      await inTurn(key, async () => {
        gathering.delete(key)
        await settle(key, group)
      })
    } catch (error) {
      if (gathering.get(key) === group) gathering.delete(key)
      for (const { reject } of group) reject(error)
    }
  }

  async function settle(key: string, group: Group) {
    try {
      await commitAll(key, group)
    } catch (error) {
      if (group.length === 1 || isDatabaseAway(error)) throw error
      await commitEach(key, group)
    }
  }

  async function commitAll(key: string, group: Group) {
    const count = { queries: 0 }
    const outcomes = await countingQueries(count, () =>
      commit(
        key,
        group.map(({ item }) => item),
      ),
    )
    for (const [nth, { charge, resolve, reject }] of group.entries()) {
      charge(count.queries)
      const outcome = outcomes[nth]
      if (outcome?.status === 'fulfilled') resolve(outcome.value)
      else reject(outcome?.reason ?? new Error('Nothing came of it'))
    }
  }

  /** One of them is to blame, and it is not known which. */
  async function commitEach(key: string, group: Group) {
    for (const each of group) {
      try {
        await commitAll(key, [each])
      } catch (error) {
        if (isDatabaseAway(error)) throw error
        each.reject(error)
      }
    }
  }

  return async (key: string, item: Item): Promise<Result> => {
    const one = { ...Promise.withResolvers<Result>(), item, charge: queryCharge() }
    const group = gathering.get(key)
    if (!group) {
      const first = [one]
      gathering.set(key, first)
      void forAll(run, key, first)
    } else if (group.length >= mostWaiting) throw new Overloaded(`${group.length} wait for "${key}"`)
    else group.push(one)
    return one.promise
  }
}
