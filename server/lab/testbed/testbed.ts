import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'
import type { DeliveryName } from '#server/protocol/lab.ts'

/** One process of the app that serves one lane, so that its cost is that lane's. */
export type Gateway = {
  port: number
  pid(): number
  /** CPU so far in ms, across restarts, and resident bytes. */
  usage(): { cpuMs: number; residentBytes: number }
  /** Ends it with a signal and waits for the exit. */
  end(signal: NodeJS.Signals): Promise<void>
  /** Starts it on the same port; resolves when it listens. */
  start(): Promise<void>
}

/** Entries of the run's stream in the database. `sum` is `sumOf` the data. */
export type Committed = { seq: number; atMs: number; sum: string }

export type Writing = { eventsPerSecond: number; burst: number; payloadBytes: number; seconds: number }

/** Appends to the run's stream with the app's own log, in its own process. */
export type Writer = {
  /** Writes everything at an even rate; resolves when the last entry is committed. */
  write(writing: Writing): Promise<{ written: number; lateMs: number }>
  /** Writes `count` entries in one transaction. */
  say(count: number, payloadBytes?: number): Promise<void>
  stop(): void
  cpuMs(): number
}

export type Testbed = {
  /** `lab:<runId>` */
  stream: string
  gateways: Record<DeliveryName, Gateway>
  writer: Writer
  /** A new person, signed up at a gateway: their cookie, and credentials for a browser. */
  person(): Promise<{ cookie: string; email: string; password: string }>
  /** Committed entries after `seq`, in order, with the database's own commit times. */
  committed(after: number): Promise<Committed[]>
  /** Statements so far by lane, from pg_stat_statements; `lab` are the lab's own. */
  queries(): Promise<Record<DeliveryName | 'lab', number>>
  databaseUrl: string
  /** Crashes Postgres, and restarts it on the same port. */
  stopPostgres(): Promise<void>
  startPostgres(): Promise<void>
  postgresVersion: string
  /** Postgres' log since its last start. */
  postgresLogFile: string
  close(): Promise<void>
}

export type TestbedOptions = {
  runId: string
  /** Lanes with their own process; the first of them serves the other lanes. Default: all four. */
  lanes?: readonly DeliveryName[]
  /** Environment of the gateways, overriding the raised limits. */
  settings?: Record<string, string>
  /** Settings of Postgres. */
  postgres?: Record<string, string>
  /** Origins of pages that may use the lanes. */
  trustedOrigins?: readonly string[]
  /** Starts what serves the lanes, if not a process per lane. */
  startNodes?: StartNodes
}

/** `settings` let the writer find the same engines; people sign up at `webPort`. */
export type StartedNodes = {
  webPort: number
  gateways: Record<DeliveryName, Gateway>
  settings: Record<string, string>
  close(): Promise<void>
}
export type StartNodes = (databaseUrl: string) => Promise<StartedNodes>

/** A process's usage: user and system time of all its threads, and resident memory. */
export type Usage = { cpuMs: number; residentBytes: number }

const tickMs = 10
const pageBytes = 4_096

/** Read from the kernel; all zero once the process has exited. CPU has a resolution of 10 ms on Linux. */
export function usageOf(pid: number): Usage {
  try {
    return platform() === 'linux' ? fromProc(pid) : fromPs(pid)
  } catch {
    return { cpuMs: 0, residentBytes: 0 }
  }
}

function fromProc(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The name may contain spaces; the fields after it are fixed (proc(5): utime is 14, stime 15, rss 24).
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
