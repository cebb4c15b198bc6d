/** `part` of `whole`; null when there is no whole to have a part of. */
export function share(part: number | null, whole: number | null): number | null {
  if (part === null || whole === null || whole === 0) return null
  const quotient = part / whole
  return Number.isFinite(quotient) ? quotient : null
}

/** How much more `value` is than `other`; null when either was not measured. */
export function difference(value: number | null, other: number | null): number | null {
  return value === null || other === null ? null : value - other
}
