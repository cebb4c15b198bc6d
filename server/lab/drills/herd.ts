import type { Line } from '../network/line.ts'

const lookEveryMs = 10
const windowMs = 100

/** Watches how many connections come over lines that were cut, and gives the most in any tenth of a second. */
export class Herd implements Disposable {
  readonly #crowds: { lines: readonly Pick<Line, 'open'>[]; seen: { atMs: number; open: number }[] }[]
  readonly #timer: NodeJS.Timeout

  /** Each of the crowds comes over lines of its own. */
  constructor(crowds: readonly (readonly Pick<Line, 'open'>[])[]) {
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

/** The most by which the open connections grew within a tenth of a second; a look that came late counts as it came. */
export function peakOf(seen: readonly { atMs: number; open: number }[]): number {
  let from = 0
  let peak = 0
  for (const { atMs, open } of seen) {
    while ((seen[from]?.atMs ?? atMs) < atMs - windowMs) from += 1
    peak = Math.max(peak, open - (seen[from]?.open ?? open))
  }
  return peak
}
