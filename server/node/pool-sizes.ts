import type { PoolSizes } from '#server/database/pool.ts'
import type { ProcessRole } from '#server/env.ts'

/** What every process needs: to read the log, to check whether it can be written, and to keep its leases. */
const least: PoolSizes = { transactions: 2, statements: 2, checks: 3, long: 1, accounts: 1, jobs: 1 }

/**
 * Gateways write what socket commands do; only web nodes hash passwords, behind `accounts`; only workers run `jobs`.
 */
const byRole: Record<ProcessRole, Partial<PoolSizes>> = {
  web: { transactions: 10, statements: 8, accounts: 4, long: 2 },
  gateway: { transactions: 6, statements: 6 },
  worker: { transactions: 8, statements: 4, long: 2, jobs: 5 },
  prices: { long: 2 },
  relay: {},
}

/** The maximum size of each pool in a process with these roles. */
export function poolSizesOf(roles: readonly ProcessRole[]): PoolSizes {
  const sizes = { ...least }
  for (const role of roles) {
    for (const [pool, size] of Object.entries(byRole[role]) as [keyof PoolSizes, number][]) {
      sizes[pool] = Math.max(sizes[pool], size)
    }
  }
  return sizes
}
