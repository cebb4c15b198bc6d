import type { Client } from 'pg'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { sumOf } from '#server/protocol/lab-ledger.ts'
import type { Committed } from './testbed.ts'

/** The Postgres role of a lane's process. */
export const roleOf = (lane: string) => `lab_${lane}`

/** Settings for Postgres' statistics: statements by role, and commit times of transactions. */
export const statisticsSettings = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'top',
  'pg_stat_statements.track_planning': 'off',
  track_commit_timestamp: 'on',
}

/** Statements run by Postgres since its start, by role; transaction control counts too. */
export async function statementsByRole(client: Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ role: string; calls: string }>(
    `SELECT r.rolname AS role, sum(s.calls)::text AS calls
     FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid GROUP BY r.rolname`,
  )
  return new Map(rows.map(({ role, calls }) => [role, Number(calls)]))
}

/** Committed entries of `stream` after `seq`, with the time at which Postgres started to commit them. */
export async function committedAfter(client: Client, stream: string, seq: number): Promise<Committed[]> {
  const { rows } = await client.query<{ seq: string; at: string; data: string }>(
    `SELECT seq, extract(epoch FROM pg_xact_commit_timestamp(xid(xid)))::text AS at, data::text AS data
     FROM log_entry WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT 5000`,
    [stream, seq],
  )
  return rows.map((row) => ({ seq: Number(row.seq), atMs: Number(row.at) * 1_000, sum: sumOf(row.data) }))
}

/** Monotonic counts, although Postgres loses its own in a crash: they continue from the last reading before it. */
export class LastingCounts {
  #before = new Map<string, number>()
  #latest = new Map<string, number>()

  /** Adds a reading. */
  take(now: Map<string, number>): void {
    for (const [role, calls] of now) {
      const latest = this.#latest.get(role) ?? 0
      if (calls < latest) this.#before.set(role, (this.#before.get(role) ?? 0) + latest)
      this.#latest.set(role, calls)
    }
  }

  of(role: string): number {
    return (this.#before.get(role) ?? 0) + (this.#latest.get(role) ?? 0)
  }

  /** By lane; `lab` is the lab's own, under the role of the superuser. */
  byLane(superuser: string): Record<DeliveryName | 'lab', number> {
    const lanes = deliveryNames.map((lane) => [lane, this.of(roleOf(lane))] as const)
    return { ...(Object.fromEntries(lanes) as Record<DeliveryName, number>), lab: this.of(superuser) }
  }
}
