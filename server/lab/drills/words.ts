/** `2.4 s`, `12 s`, `180 ms`. */
export function spoken(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`
}

/** `1,234`. */
export function counted(n: number): string {
  return n.toLocaleString('en-US')
}

/** `12.3 MB`, by 1,000; with its sign, where it is a change. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** When an arm was back, after what it is told in: `after 1.2 s`. */
export function backIn(ms: number | null): string {
  return ms === null ? 'not in the time they were given' : `after ${spoken(ms)}`
}

/** `nothing missing`, `12 entries missing`. */
export function missing(lost: number): string {
  if (lost === 0) return 'nothing missing'
  return lost === 1 ? 'one entry missing' : `${counted(lost)} entries missing`
}
