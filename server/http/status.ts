import type { ProcessRole } from '#server/env.ts'

/** What a process tells of itself: its roles, and those of them in which it is the one of all that acts. */
export type Status = {
  roles: readonly ProcessRole[]
  leads: readonly ProcessRole[]
  /** Those that are configured. One that is away makes no process unready: something else takes its place. */
  engines: Readonly<Record<string, 'connected' | 'away'>>
}

/** Of each engine, whether it answers; undefined for one that is not configured. */
export function enginesOf(connected: Record<string, boolean | undefined>): Status['engines'] {
  const known = Object.entries(connected).filter(([, isConnected]) => isConnected !== undefined)
  return Object.fromEntries(known.map(([name, isConnected]) => [name, isConnected ? 'connected' : 'away']))
}
