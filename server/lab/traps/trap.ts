import type { TrapReport } from '#server/protocol/lab-report.ts'

/** Gets the port at which a page of this machine may walk into the trap itself. */
export type OpenDoor = (port: number) => void

/**
 * Something that many have walked into, in two arms that are both really run: one that falls in, and one that goes
 * round. With `open`, a trap that needs a browser waits a moment for one; without, it is shown by a program alone.
 */
export type Trap = { run(signal: AbortSignal, open?: OpenDoor): Promise<TrapReport> }
