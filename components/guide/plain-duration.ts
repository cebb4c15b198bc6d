/** `50 ms`, `2.5 s`, `30 s`: a duration that was chosen and not measured, without a zero behind the point. */
export function plainDuration(durationMs: number): string {
  return durationMs < 1_000 ? `${durationMs} ms` : `${durationMs / 1_000} s`
}
