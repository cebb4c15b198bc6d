import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** The machine, as far as figures depend on it: `AMD EPYC, 2 cores, 24 GiB; Node 24.21.0`. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown'
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${model}, ${cpus().length} cores, ${gib} GiB; Node ${process.versions.node}`
}

export type LoadMeter = {
  /** The share of all cores' time that programs other than this one and what it has started had since; NaN without `/proc`. */
  othersShare(): number
  /** The load average of the last minute, when it began. */
  loadAverage: number
}

/** Measures from now on how busy others keep the machine. */
export function loadMeter(): LoadMeter {
  const before = ticks()
  const loadAverage = loadavg()[0] ?? Number.NaN
  return {
    loadAverage,
    othersShare() {
      const now = ticks()
      const others = now.busy - before.busy - (now.ours - before.ours)
      return Math.max(0, others) / (now.all - before.all)
    },
  }
}

/** Of the CPU time since the start of the machine: all, what was busy, and what this process and its descendants had. */
function ticks(): { all: number; busy: number; ours: number } {
  try {
    const [, ...columns] = readFileSync('/proc/stat', 'latin1').split('\n', 1).join().split(/\s+/)
    // proc(5): user nice system idle iowait irq softirq steal; guests are in user already.
    const counted = columns.slice(0, 8).map(Number)
    const all = counted.reduce((sum, column) => sum + column, 0)
    const [idle = 0, iowait = 0] = counted.slice(3, 5)
    return { all, busy: all - idle - iowait, ours: familyTicks(process.pid) }
  } catch {
    return { all: Number.NaN, busy: Number.NaN, ours: Number.NaN }
  }
}

/** The CPU time of a process and its descendants, in ticks of 10 ms; those that have ended count with their parent. */
export function familyTicks(root: number): number {
  const processes = new Map<number, { parent: number; ticks: number }>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) && statOf(pid)
    if (stat) processes.set(pid, stat)
  }
  const isOurs = (pid: number): boolean =>
    pid === root || (processes.has(pid) && isOurs(processes.get(pid)?.parent ?? 0))
  return [...processes].reduce((sum, [pid, { ticks }]) => (isOurs(pid) ? sum + ticks : sum), 0)
}

/** Undefined of a process that has ended meanwhile. */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name may hold spaces; of the fields after it, 4 is the parent, 14 to 17 its time and that of its ended children.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0) }
  } catch {
    return undefined
  }
}
