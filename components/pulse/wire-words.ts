import type { LaneKind } from '#components/lane/lane-kind.ts'

/** What is said beside each wire of the home page, and what a phone calls it. */
export const wireWords = {
  short: { short: 'Short', does: 'Ask every 5 s. Most answers say “nothing new”.' },
  long: { short: 'Long', does: 'Ask, and wait for the answer. One request for each batch.' },
  sse: { short: 'SSE', does: 'Stay connected and listen. Resumes from the last id.' },
  ws: { short: 'Socket', does: 'Stay connected and talk. Both sides may speak.' },
} as const satisfies Record<LaneKind, { short: string; does: string }>
