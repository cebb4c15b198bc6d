import type { Commit, CrowdOrder, CrowdState } from './crowd.ts'

/** What the process of a crowd is told, and what it answers, by the id of what it was asked. */
export type CrowdAsk =
  | { type: 'begin'; order: CrowdOrder }
  | { type: 'committed'; commits: Commit[] }
  | { type: 'open' | 'figures'; id: number }
  | { type: 'finish'; id: number; patienceMs: number }
export type CrowdAnswer = { id: number; state: CrowdState } | { id: number; failure: string }
