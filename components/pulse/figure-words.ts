import { formatBytes, formatCount, formatDuration, missing, onItsWay } from '#components/ui/format.ts'
import type { Figures } from './figures.ts'

/** The three figures of a wire as text: `…` before the browser has begun, `—` for what was not measured. */
export type FigureWords = { wait: string; opened: string; received: string }

export function figureWords(figures: Figures | undefined): FigureWords {
  if (!figures) return { wait: onItsWay, opened: onItsWay, received: onItsWay }
  const { medianWaitMs, opened, receivedBytes } = figures
  return {
    wait: medianWaitMs === undefined ? missing : formatWait(medianWaitMs),
    opened: formatCount(opened),
    received: receivedBytes === undefined ? missing : formatBytes(receivedBytes),
  }
}

/** The figures of a wire that is not there. */
export const noFigureWords: FigureWords = { wait: missing, opened: missing, received: missing }

/** Entries carry whole milliseconds, so a wait has no tenths of one. */
export function formatWait(waitMs: number): string {
  return waitMs < 999.5 ? `${Math.round(waitMs)} ms` : formatDuration(waitMs)
}
