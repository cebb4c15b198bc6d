import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plausibleRun } from '#server/testing/plausible-run.ts'
import { type Answers, assumed } from './answers.ts'
import { decide } from './decide.ts'
import { type Figures, figuresOf } from './figures.ts'
import { planFor } from './plan.ts'
import { planInputsOf } from './plan-inputs.ts'
import { recordOf } from './record.ts'
import { turningPoints } from './turning-points.ts'

const figures = figuresOf(plausibleRun(), 'own')
assert.ok(figures)

const record = (answers: Answers, known: Figures | undefined) =>
  recordOf({
    ...{ answers, decision: decide(answers, known), figures: known, points: turningPoints(answers, known) },
    plan: known ? planFor(planInputsOf(answers, new URLSearchParams()), known) : [],
    ...{ address: 'http://localhost/guide?age=1s', today: '24 Nov 2026', measuredOn: '24 Nov 2026' },
  })

test('A record has the context, the decision, its reasons with figures, the alternatives and what would change it.', () => {
  const text = record(assumed, figures)
  assert.deepEqual(
    [...text.matchAll(/^#+ (.*)/gm)].map(([, heading]) => heading),
    [
      ...['Deliver live updates by Server-Sent Events', 'Context', 'Decision', 'Reasons', 'What it needs'],
      ...['Alternatives', 'What would change it'],
    ],
  )
  assert.match(text, /- People watching at peak: 50,000\n/)
  assert.match(
    text,
    /\| \+12 \| Only the server sends.* \| ↑ 0\.4 KB\/min \(6\.1 × less than WebSocket here\) \| \[WHATWG/,
  )
  assert.match(text, /lost 0 of 24,000/)
  assert.match(text, /\*\*Long polling\*\*, \d+ of 100 \(50 .*\): fallback/)
  assert.match(text, /- If both sides send, WebSocket leads by \d+\./)
  assert.match(text, /Figures from run 17, this machine/)
  assert.doesNotMatch(text, /undefined|null|NaN/)
})

test('A record says what cannot be, and that nothing was measured.', () => {
  const text = record({ ...assumed, legacy: 'all' }, undefined)
  assert.match(
    text,
    /\*\*WebSocket\*\*: not possible: clients that can’t hold a connection open receive nothing/,
  )
  assert.match(text, /No measurements\./)
})
