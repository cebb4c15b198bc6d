import type { Network } from '#server/protocol/lab.ts'
import type { Incident } from '#server/protocol/lab-report.ts'

/** A real line between clients and one port of this machine. It listens on loopback, IPv4. */
export type Line = {
  port: number
  /** Of all connections so far: what clients sent, and what they were answered, as it passed on the client's side. */
  bytesUp(): number
  bytesDown(): number
  open(): number
  /** Resets every connection; new ones are taken, unless `refuse` was called. */
  cut(): void
  refuse(): void
  accept(): void
  /** Nothing passes, nothing is closed, until `thaw`. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Opens a line that does what `network` says; what it does by the clock begins at `begin` and ends at `heal`. */
export type OpenLine = (
  targetPort: number,
  network: Network,
  onIncident?: (incident: Omit<Incident, 'atMs'> & { lastsMs?: number }) => void,
) => Promise<Line & { begin(): void; heal(): void }>
