import type { LaneName } from '#server/protocol/lab.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'

/** One lane's clients, all to the same door. */
export type CrowdLane = { lane: LaneName; count: number; port: number; pollMs?: number }

export type CrowdOrder = { stream: string; cookie: string; lanes: CrowdLane[] }

/** When an entry was committed, by the database, in milliseconds of the Unix epoch with a fraction; `sum` of its data. */
export type Commit = { seq: number; atMs: number; sum: string }

export type CrowdState = { lanes: Partial<Record<LaneName, CrowdFigures>>; cpuMs: number }

/**
 * Clients in a process of their own, so that neither the run nor its proxies delay them.
 *
 * An arrival counts in the latency once its commit is told; what was committed before its client was let in is
 * backlog and does not count.
 */
export type Crowd = {
  /**
   * Opens all of it; resolves when every client has been let in and is at the head, or some 20 s later: who cannot get
   * through keeps trying. Rejects when one is refused for good.
   */
  open(): Promise<void>
  /** The truth, a few times a second, in order and without holes. */
  committed(commits: Commit[]): void
  figures(): Promise<CrowdState>
  /** Waits until every client has the last entry, at most `patienceMs`, closes them all, and settles what is lost. */
  finish(patienceMs: number): Promise<CrowdState>
  /** Ends the process. */
  close(): Promise<void>
}
