import type { ProcessRole } from '#server/env.ts'

/** A process's report of itself: its roles, and those in which it is the leader. */
export type Status = {
  roles: readonly ProcessRole[]
  leads: readonly ProcessRole[]
  /** The configured engines. No process is unready because one is unavailable: each has a fallback. */
  engines: Readonly<Record<string, 'connected' | 'away'>>
}

/** Whether each engine responds; those with `undefined` are not configured, and omitted. */
export function enginesOf(connected: Record<string, boolean | undefined>): Status['engines'] {
  const known = Object.entries(connected).filter(([, isConnected]) => isConnected !== undefined)
  return Object.fromEntries(known.map(([name, isConnected]) => [name, isConnected ? 'connected' : 'away']))
}
