import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Machine } from '#server/protocol/lab-report.ts'

/** What a run was measured on. */
export function thisMachine(postgres: string): Machine {
  const all = cpus()
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    os: `${platform()} ${release()}`,
    node: process.version,
    postgres,
    loadBefore: loadavg()[0] ?? 0,
  }
}
