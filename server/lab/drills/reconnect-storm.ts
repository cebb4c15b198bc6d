import type { Link } from '#server/lab/network/tcp-proxy.ts'

const lookEveryMs = 10
const windowMs = 100

/** Samples the connections through proxies that were cut, and finds the most new ones in any tenth of a second. */
export class ReconnectStorm implements Disposable {
  readonly #crowds: { lines: readonly Pick<Link, 'open'>[]; seen: Look[] }[]
  readonly #timer: NodeJS.Timeout

  /** Each crowd connects through proxies of its own. */
  constructor(crowds: readonly (readonly Pick<Link, 'open'>[])[]) {
    this.#crowds = crowds.map((lines) => ({ lines, seen: [] }))
    this.#look()
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
  }

  peaks(): number[] {
    return this.#crowds.map(({ seen }) => peakOf(seen))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look() {
    const atMs = performance.now()
    for (const { lines, seen } of this.#crowds) {
      seen.push({ atMs, open: lines.reduce((sum, line) => sum + line.open(), 0) })
    }
  }
}

type Look = { atMs: number; open: number }

/**
 * The largest growth of the open connections within a tenth of a second. Growth seen by a late sample is spread evenly
 * since the sample before: this process was busy, and saw it at once only because of that.
 */
export function peakOf(seen: readonly Look[]): number {
  let from = 0
  let peak = 0
  for (const { atMs, open } of seen) {
    const sinceMs = atMs - windowMs
    while ((seen[from + 1]?.atMs ?? atMs) <= sinceMs) from += 1
    peak = Math.max(peak, open - openAt(sinceMs, seen[from], seen[from + 1]))
  }
  return Math.round(peak)
}

/** The interpolated count of open connections between two samples. */
function openAt(atMs: number, before: Look | undefined, after: Look | undefined): number {
  if (!before) return 0
  if (!after || atMs <= before.atMs) return before.open
  return before.open + ((after.open - before.open) * (atMs - before.atMs)) / (after.atMs - before.atMs)
}
