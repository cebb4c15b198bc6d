import type { DrillReport, Incident } from '#server/protocol/lab-report.ts'

/** How large a drill is played; what is left out is as on the page, and what a drill has no use for is not read. */
export type Scale = {
  /** Of each kind. */
  clients: number
  eventsPerSecond: number
  /** How long all goes well first. */
  calmMs: number
  /** How long what is broken stays broken. */
  faultMs: number
  beatMs: number
}

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
export type Drill = {
  /** An engine that this machine has not, in a sentence. */
  missing?: string | undefined
  run(drilling: Drilling): Promise<DrillReport>
}
