import type { DrillReport, Incident } from '#server/protocol/lab-report.ts'

/** The scale of a drill; defaults are the page's, and a drill ignores what it does not use. */
export type Scale = {
  /** Per kind. */
  clients: number
  eventsPerSecond: number
  /** How long everything works first. */
  calmMs: number
  /** How long the fault lasts. */
  faultMs: number
  beatMs: number
}

export type Drilling = {
  /** Called with each incident as it happens; `atMs` counts from the start of writing. */
  tell: (incident: Incident) => void
  /** On abort the drill rejects, with everything cleaned up. */
  signal: AbortSignal
  scale?: Partial<Scale>
}

/**
 * A real fault that hits two arms at the same moment: our clients, and what most tutorials show. Both receive the same
 * events, and both are checked against the database.
 */
export type Drill = {
  /** Which engine is missing on this machine, as a sentence. */
  missing?: string | undefined
  run(drilling: Drilling): Promise<DrillReport>
}
