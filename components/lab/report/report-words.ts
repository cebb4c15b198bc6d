import type { LaneKind } from '#components/lane/lane-kind.ts'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Network } from '#server/protocol/lab-schemas.ts'

/** The name of each delivery in tables, and the lane it is drawn as. */
export const laneNames = {
  short: { name: 'Short poll', kind: 'short' },
  long: { name: 'Long poll', kind: 'long' },
  sse: { name: 'SSE', kind: 'sse' },
  socket: { name: 'WebSocket', kind: 'ws' },
} as const satisfies Record<DeliveryName, { name: string; kind: LaneKind }>

/** `118`, `12.0`, `0.6`, `0.04`: significant digits, and never rounded to zero. */
export function formatFigure(value: number | null): string {
  if (value === null) return missing
  if (value < 0) return `−${formatFigure(-value)}`
  if (value >= 99.95) return formatCount(Math.round(value))
  if (value === 0 || value >= 0.095) return value.toFixed(1)
  if (value >= 0.0095) return value.toFixed(2)
  return value >= 0.0005 ? value.toFixed(3) : '< 0.001'
}

/** `9.1`, `2,412`: milliseconds in a column that names the unit. */
export function formatMs(ms: number | null): string {
  if (ms === null) return missing
  return ms < 9.95 ? ms.toFixed(1) : formatCount(Math.round(ms))
}

/** `+3.9 ms`, `−0.4 ms`, `+2.4 s`. */
export function formatLater(ms: number | null): string {
  if (ms === null) return missing
  return `${ms < 0 ? '−' : '+'}${formatDuration(Math.abs(ms))}`
}

/** `92 %`, `0.4 %`; whole percents from ten up. */
export function formatShare(part: number | null): string {
  if (part === null) return missing
  const percent = part * 100
  return `${percent === 0 || percent >= 9.95 ? Math.round(percent) : percent.toFixed(1)} %`
}

/** `2 /s`, `3 /min`, `1 in 10 min`: a rate. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 0.95) return `${formatFigureOf(perSecond)} /s`
  if (perSecond * 60 >= 0.95) return `${formatFigureOf(perSecond * 60)} /min`
  return `1 in ${formatFigureOf(1 / perSecond / 60)} min`
}

/** `5 s`, `2.5 s`, `200 ms`: a duration that somebody chose. */
export function formatChosen(ms: number): string {
  return ms < 1_000 ? `${formatFigureOf(ms)} ms` : `${formatFigureOf(ms / 1_000)} s`
}

/** The network between clients and server, in a few words: `clean`, `40 ms ± 10`, `cut every 10 s`. */
export function networkWords(network: Network): string {
  switch (network.kind) {
    case 'clean':
      return 'clean'
    case 'slow':
      return `${network.delayMs} ms ± ${network.jitterMs}`
    case 'cut':
      return `cut every ${network.everySeconds} s for ${formatChosen(network.forMs)}`
    case 'freeze':
      return `frozen for ${network.forSeconds} s`
    case 'buffering':
      return 'buffering proxy'
    case 'idle-timeout':
      return `idle timeout ${network.seconds} s`
  }
}

/** `2`, `2.5`: without a trailing zero. */
function formatFigureOf(value: number): string {
  return String(Math.round(value * 10) / 10)
}
