import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plausibleRun } from '#server/testing/plausible-run.ts'
import { assumed } from './answers.ts'
import { figuresOf } from './figures.ts'
import { planFor } from './plan.ts'
import { planInputsOf } from './plan-inputs.ts'
import { planScale } from './plan-scale.ts'

const figures = figuresOf(plausibleRun(), 'own')
assert.ok(figures)
const planAt = (people: number) =>
  planFor({ ...planInputsOf(assumed, new URLSearchParams()), people }, figures)

test('People go from below what was measured to ten million, in tenfolds, and what was measured ends on the left.', () => {
  const { people, measuredTo, peopleAt } = planScale('memoryMiB', 50_000, 200, planAt)
  assert.deepEqual(
    people.map(({ label }) => label),
    ['100', '1,000', '10,000', '100,000', '1 million', '10 million'],
  )
  assert.ok(measuredTo > 0 && measuredTo < peopleAt)
})

test('Every line lies within the plot, and passes the people of the plan where their need is.', () => {
  for (const need of ['memoryMiB', 'cores', 'megabitsPerSecond'] as const) {
    const { lines, needs } = planScale(need, 50_000, 200, planAt)
    const decade = 100 / (needs.length - 1)
    const sse = lines.find(({ lane }) => lane === 'sse')
    const socket = lines.find(({ lane }) => lane === 'socket')
    const needOf = (lane: string) => planAt(50_000).find((plan) => plan.lane === lane)?.[need] ?? Number.NaN
    for (const { from, to } of lines) assert.ok(from <= 100.001 && to >= -0.001)
    const apart = Math.log10(needOf('socket') / needOf('sse')) * decade
    assert.ok(Math.abs((sse?.atPeople ?? 0) - (socket?.atPeople ?? 0) - apart) < 1e-6)
  }
})

test('What holds nothing has no line of memory, for a logarithm has no zero.', () => {
  const { lines } = planScale('memoryMiB', 50_000, 200, planAt)
  assert.deepEqual(
    lines.map(({ lane }) => lane),
    ['long', 'sse', 'socket'],
  )
})
