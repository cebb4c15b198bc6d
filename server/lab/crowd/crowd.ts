import type { LaneName } from '#server/protocol/lab.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'

/** One lane's clients, which all connect to the same port. */
export type CrowdLane = { lane: LaneName; count: number; port: number; pollMs?: number }

export type CrowdOrder = { stream: string; cookie: string; lanes: CrowdLane[] }

/** When the database committed an entry, in fractional epoch ms; `sum` is its data's. */
export type Commit = { seq: number; atMs: number; sum: string }

export type CrowdState = { lanes: Partial<Record<LaneName, CrowdFigures>>; cpuMs: number }

/**
 * Clients in their own process, so that neither the run nor its proxies delay them.
 *
 * An arrival counts in the latency once its commit is reported; entries committed before the client was admitted are
 * backlog and do not count.
 */
export type Crowd = {
  /**
   * Opens all clients; resolves when each has been admitted and is at the head, or after some 20 s: those that cannot
   * get through keep trying. Rejects when one is refused for good.
   */
  open(): Promise<void>
  /** Reports commits, a few times a second, in order and without gaps. */
  committed(commits: Commit[]): void
  figures(): Promise<CrowdState>
  /**
   * Waits until every client has the last entry, at most `patienceMs`, then closes them all and settles the ledgers.
   */
  finish(patienceMs: number): Promise<CrowdState>
  /** Ends the process. */
  close(): Promise<void>
}
