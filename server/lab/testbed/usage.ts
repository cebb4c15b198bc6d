import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

/** What a process has used: user and system time of all its threads, and resident memory. */
export type Usage = { cpuMs: number; residentBytes: number }

const tickMs = 10
const pageBytes = 4_096

/** Asks the kernel, for that process alone; all zero once it has ended. CPU comes in steps of 10 ms on Linux. */
export function usageOf(pid: number): Usage {
  try {
    return platform() === 'linux' ? fromProc(pid) : fromPs(pid)
  } catch {
    return { cpuMs: 0, residentBytes: 0 }
  }
}

function fromProc(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name may hold spaces; the fields after it are fixed (proc(5): utime is 14, stime 15, rss 24).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    residentBytes: Number(fields[21]) * pageBytes,
  }
}

function fromPs(pid: number): Usage {
  const [time = '', kib = '0'] = execFileSync('ps', ['-o', 'time=,rss=', '-p', String(pid)], {
    encoding: 'utf8',
  })
    .trim()
    .split(/\s+/)
  const seconds = time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0)
  return { cpuMs: seconds * 1_000, residentBytes: Number(kib) * 1_024 }
}
