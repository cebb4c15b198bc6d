import type { DrillReport, Incident } from '#server/protocol/lab-report.ts'

/** How large a drill is played: clients of each kind, and for how long what was broken stays broken. */
export type Scale = { clients: number; eventsPerSecond: number; faultMs: number; beatMs: number }

export type Drilling = {
  /** Hears each thing as it happens; `atMs` counts from the first event. */
  tell: (incident: Incident) => void
  /** Aborted, the drill rejects, and nothing of it is left. */
  signal: AbortSignal
  scale?: Partial<Scale>
}

/**
 * Something that is broken for real, under two arms at the same moment: our clients, and what most tutorials show. Both
 * are sent the same events, and both are held against the database.
 */
export type Drill = { run(drilling: Drilling): Promise<DrillReport> }
