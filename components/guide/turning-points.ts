import { formatBytes, formatCount } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { type Answers, choices, isInRange, type NumberName } from './answers.ts'
import { decide } from './decide.ts'
import type { Figures } from './figures.ts'
import { questions } from './questions.ts'

/** An answer that would change the recommendation: `when` begins the sentence, `change` is the new answer. */
export type TurningPoint = {
  when: string
  change: Partial<Answers>
  winner: DeliveryName
  /** Points ahead of the current best; null if that would be impossible. */
  lead: number | null
}

/** Changes each answer to each of its alternatives, one at a time, and returns those that change the recommendation. */
export function turningPoints(answers: Answers, figures?: Figures): TurningPoint[] {
  const now = decide(answers, figures).best.lane
  const points = otherAnswers(answers).flatMap(({ when, change }) => {
    const { best, fits } = decide({ ...answers, ...change }, figures)
    if (best.lane === now) return []
    const before = fits.find(({ lane }) => lane === now)
    const lead = before?.score === null || before === undefined ? null : best.sum - before.sum
    return [{ when, change, winner: best.lane, lead }]
  })
  return points.sort((one, other) => (other.lead ?? -1) - (one.lead ?? -1))
}

function otherAnswers(answers: Answers): Pick<TurningPoint, 'when' | 'change'>[] {
  const chosen = questions.flatMap(({ name, choices: words }) =>
    (choices[name] as readonly string[])
      .filter((value) => value !== answers[name])
      .map((value) => ({ when: words[value]?.if ?? '', change: { [name]: value } as Partial<Answers> })),
  )
  return [...chosen, ...numbers.flatMap((number) => otherNumbers(answers, number))]
}

type Number = { name: NumberName; to: (value: number) => readonly number[]; when: (value: number) => string }

const numbers: readonly Number[] = [
  {
    name: 'people',
    to: (value) => [Math.round(value / 100), Math.round(value / 10), value * 10, value * 100],
    when: (value) => `${formatCount(value)} people are watching`,
  },
  {
    name: 'tabs',
    to: () => [1, 6],
    when: (value) => (value === 1 ? 'each person has one tab' : `each person has ${value} tabs`),
  },
  { name: 'bytes', to: () => [60, 10_000], when: (value) => `the payload is ${formatBytes(value)}` },
]

function otherNumbers(answers: Answers, { name, to, when }: Number): Pick<TurningPoint, 'when' | 'change'>[] {
  return to(answers[name])
    .filter((value) => value !== answers[name] && isInRange(name, value))
    .map((value) => ({ when: when(value), change: { [name]: value } }))
}
