import type { Ledger } from '#server/protocol/lab-report.ts'

/** `2.4 s`, `12 s`, `180 ms`. */
export function formatSeconds(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

/** `1,234`. */
export function counted(n: number): string {
  return n.toLocaleString('en-US')
}

/** `12.3 MB`, in units of 1,000; with a sign if it is a change. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** When an arm was back, to follow what it did: `after 1.2 s`. */
export function formatRecovery(ms: number | null): string {
  return ms === null ? 'not within the time limit' : `after ${formatSeconds(ms)}`
}

/** `nothing missing`, `12 entries missing`, `nothing lost and 963 entries not there yet`. */
export function formatMissing({ lost, late }: Ledger): string {
  if (late > 0) return `${lost === 0 ? 'nothing' : entries(lost)} lost and ${entries(late)} not received yet`
  return lost === 0 ? 'nothing missing' : `${entries(lost)} missing`
}

function entries(n: number): string {
  return n === 1 ? 'one entry' : `${counted(n)} entries`
}
