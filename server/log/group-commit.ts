import { AsyncLocalStorage } from 'node:async_hooks'
import { Overloaded } from '#server/database/bulkhead.ts'
import { countingQueries, queryCharge } from '#server/database/client.ts'
import { isDatabaseAway } from '#server/database/unavailable.ts'

/** What came of each of several: a result, or why it was refused. In the order in which they were given. */
export type Outcomes<Result> = readonly PromiseSettledResult<Result>[]

/** What `get` gives, or throws. */
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
  /** Runs `work` when the turn of a key has come. */
  inTurn(key: string, work: () => Promise<void>): Promise<void>
  /** Does several in one transaction. What it throws has undone all of them. */
  commit(key: string, items: readonly Item[]): Promise<Outcomes<Result>>
  mostWaiting: number
}

/**
 * Commits together what waits for the same key: while one transaction waits for the disk, what comes gathers, and goes
 * into the next. Each is answered after the commit, and by itself: one that is refused, or that Postgres cannot take,
 * leaves its neighbours alone. Throws `Overloaded` when too many wait, or their turn does not come.
 */
export function createGroupCommit<Item, Result>({ inTurn, commit, mostWaiting }: Parts<Item, Result>) {
  type Group = Waiting<Item, Result>[]
  /** Of each key those whose turn has not come. */
  const gathering = new Map<string, Group>()
  // A transaction is for many: whoever comes first is not to be charged with it.
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

  /** One of them is to blame, and nobody knows which. */
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
