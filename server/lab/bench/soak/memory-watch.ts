import { usageOf } from '#server/lab/testbed/testbed.ts'

type Sample = { atMs: number; bytes: number }

/** How the resident memory of one process went, from when it was warm. */
export type Life = { name: string; minutes: number; kib: number; kibPerMinute: number }

type Watched = { name: string; pid(): number | undefined }

/**
 * Looks at the memory of processes from time to time. One that is started again begins a life of its own, and what it
 * takes in the first `warmMs` of a life is not counted: libraries, caches, code that is compiled when it is used.
 */
export function watchMemory(watched: () => readonly Watched[], everyMs: number, warmMs: number) {
  const lives = new Map<string, { name: string; bornMs: number; samples: Sample[] }>()
  const look = () => {
    const atMs = performance.now()
    for (const { name, pid } of watched()) {
      const id = pid()
      if (id === undefined) continue
      const life = lives.get(`${name} ${id}`) ?? { name, bornMs: atMs, samples: [] }
      lives.set(`${name} ${id}`, life)
      const { residentBytes: bytes } = usageOf(id)
      if (bytes > 0 && atMs - life.bornMs >= warmMs) life.samples.push({ atMs, bytes })
    }
  }
  look()
  const timer = setInterval(look, everyMs)
  return {
    /** Lives with at least two samples, the longest first. */
    end(): Life[] {
      clearInterval(timer)
      return [...lives.values()]
        .filter(({ samples }) => samples.length > 1)
        .map(({ name, samples }) => ({ name, ...lifeOf(samples) }))
        .toSorted((one, other) => other.minutes - one.minutes)
    },
  }
}

function lifeOf(samples: readonly Sample[]): Omit<Life, 'name'> {
  const [first, last] = [samples[0], samples.at(-1)]
  return {
    minutes: ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 60_000,
    kib: (last?.bytes ?? 0) / 1_024,
    kibPerMinute: slopeOf(samples.map(({ atMs, bytes }) => [atMs / 60_000, bytes / 1_024])),
  }
}

/** The slope of the line with the least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [meanX, meanY] = [mean(0), mean(1)]
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
}
