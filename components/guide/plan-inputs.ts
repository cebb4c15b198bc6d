import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount, missing } from '#components/ui/format.ts'
import { type Answers, ageMs, changesPerSecond } from './answers.ts'

/** The planner's inputs besides the measurements. */
export type PlanInputs = {
  people: number
  /** Delivered to each person. */
  eventsPerSecond: number
  pollMs: number
  bytes: number
  /** Whether all follow one stream, or each their own. */
  hears: 'same' | 'own'
  processMiB: number
  /** Percent of a process's CPU and memory kept free. */
  spare: number
  /** The open files allowed per process. */
  files: number
  coresPerNode: number
}
export type PlanNumber = Exclude<keyof PlanInputs, 'hears' | 'people' | 'bytes'>

/** Inclusive. */
const planRanges: Record<PlanNumber, readonly [from: number, to: number]> = {
  eventsPerSecond: [0, 1_000],
  pollMs: [100, 3_600_000],
  processMiB: [128, 65_536],
  spare: [0, 90],
  files: [100, 10_000_000],
  coresPerNode: [1, 256],
}
const planNumbers = Object.keys(planRanges) as PlanNumber[]

const usual = { hears: 'same', processMiB: 512, spare: 30, files: 20_000, coresPerNode: 4 } as const

/** The inputs that follow from the answers, unless the URL has its own. */
export function planInputsOf(answers: Answers, address: URLSearchParams): PlanInputs {
  const inputs: PlanInputs = {
    ...usual,
    people: answers.people,
    bytes: answers.bytes,
    eventsPerSecond: changesPerSecond[answers.changes],
    pollMs: ageMs[answers.age],
    hears: address.get('hears') === 'own' ? 'own' : 'same',
  }
  for (const name of planNumbers) {
    const value = Number(address.get(name) ?? Number.NaN)
    if (isPlanNumber(name, value)) inputs[name] = value
  }
  return inputs
}

/** Whether the planner accepts `value`; only events per second may be fractional. */
export function isPlanNumber(name: PlanNumber, value: number): boolean {
  const [from, to] = planRanges[name]
  return value >= from && value <= to && (name === 'eventsPerSecond' || Number.isInteger(value))
}

/** An integer as it is, any other number to its significant digits. */
export function count(value: number | null): string {
  if (value === null) return missing
  return Number.isInteger(value) ? formatCount(value) : formatFigure(value)
}

export function mib(value: number | null): string {
  return value === null ? missing : `${formatFigure(value)} MiB`
}
