import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount, missing } from '#components/ui/format.ts'

/** A whole number as it is, another to what tells. */
export function count(value: number | null): string {
  if (value === null) return missing
  return Number.isInteger(value) ? formatCount(value) : formatFigure(value)
}

export function mib(value: number | null): string {
  return value === null ? missing : `${formatFigure(value)} MiB`
}
