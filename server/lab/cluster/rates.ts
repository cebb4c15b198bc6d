import { usageOf } from '#server/lab/testbed/testbed.ts'

export type Rates = {
  /** How much a count grew per second since the last look; null at the first look, and without a count. */
  perSecond(name: string, count: number | null): number | null
  /** CPU of these processes since the last look, as a share of a core. */
  cpuShare(name: string, pids: readonly number[]): number | null
}

/** Rates of counts that only grow, except when a process restarts. */
export function createRates(): Rates {
  const counts = new Map<string, { count: number; atMs: number }>()
  const cpu = new Map<number, number>()

  function perSecond(name: string, count: number | null) {
    const before = counts.get(name)
    if (count === null) {
      counts.delete(name)
      return null
    }
    const atMs = performance.now()
    counts.set(name, { count, atMs })
    if (!before) return null
    const grown = count < before.count ? count : count - before.count
    return (grown * 1_000) / Math.max(1, atMs - before.atMs)
  }

  const used = new Map<string, number>()
  return {
    perSecond,
    cpuShare(name, pids) {
      // Processes come and go: the usage of one that is gone stays in the total.
      let total = used.get(name) ?? 0
      for (const pid of pids) {
        const { cpuMs } = usageOf(pid)
        const before = cpu.get(pid)
        if (before !== undefined) total += Math.max(0, cpuMs - before)
        cpu.set(pid, cpuMs)
      }
      used.set(name, total)
      const msPerSecond = perSecond(`${name} cpu`, total)
      return msPerSecond === null ? null : msPerSecond / 1_000
    },
  }
}
