import type { PoolSizes } from '#server/database/pool.ts'
import type { ProcessRole } from '#server/env.ts'

/** What every process needs: to see the log and whether it can be written, and to keep its leases. */
const least: PoolSizes = { transactions: 2, statements: 2, checks: 3, long: 1, accounts: 1, jobs: 1 }

/** Gateways write what sockets command; only webs hash passwords behind `accounts`; only workers run `jobs`. */
const byRole: Record<ProcessRole, Partial<PoolSizes>> = {
  web: { transactions: 10, statements: 8, accounts: 4, long: 2 },
  gateway: { transactions: 6, statements: 6 },
  worker: { transactions: 8, statements: 4, long: 2, jobs: 5 },
  prices: { long: 2 },
  relay: {},
}

/** How many connections each pool of a process with these roles may open. */
export function poolSizesOf(roles: readonly ProcessRole[]): PoolSizes {
  const sizes = { ...least }
  for (const role of roles) {
    for (const [pool, size] of Object.entries(byRole[role]) as [keyof PoolSizes, number][]) {
      sizes[pool] = Math.max(sizes[pool], size)
    }
  }
  return sizes
}
