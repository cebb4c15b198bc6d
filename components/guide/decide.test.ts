import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { deliveryNames } from '#server/protocol/lab.ts'
import { plausibleRun, plausibleRunWith } from '#server/testing/plausible-run.ts'
import { type Answers, assumed, choices, examples } from './answers.ts'
import { type Decision, decide, startingScore } from './decide.ts'
import { figuresOf } from './figures.ts'

const figures = figuresOf(plausibleRun(), 'own')
const given = (change: Partial<Answers>) => ({ ...assumed, ...change })
const fitOf = ({ fits }: Decision, lane: string) => {
  const fit = fits.find((one) => one.lane === lane)
  assert.ok(fit)
  return fit
}

const chosenHere = { 'a loan': 'short', 'the bell': 'sse', 'a chat': 'socket', 'prices and orders': 'socket' }

for (const { name, answers } of examples) {
  for (const [words, known] of [
    ['with figures', figures],
    ['without', undefined],
  ] as const) {
    test(`Chooses what this app itself has chosen: ${name}, ${words}.`, () => {
      assert.equal(decide(answers, known).best.lane, chosenHere[name as keyof typeof chosenHere])
    })
  }
}

test('A score is 50 and the points of its reasons, and nothing else.', () => {
  for (const { sum, score, reasons, cannot } of decide(assumed, figures).fits) {
    assert.equal(
      sum,
      reasons.reduce((total, { points }) => total + points, startingScore),
    )
    assert.equal(score, cannot ? null : Math.min(100, Math.max(0, sum)))
  }
})

test('Every reason of every answer names what it rests on, and has whole points.', () => {
  for (const answers of everyTurn()) {
    for (const { reasons } of decide(answers, figures).fits) {
      for (const { restsOn, says, points } of reasons) {
        assert.ok(restsOn.name && says, JSON.stringify(answers))
        assert.ok(Number.isInteger(points) && !Object.is(points, -0), says)
      }
    }
  }
})

test('Something can always be, and what cannot stands last with its reason.', () => {
  for (const answers of everyTurn()) {
    const { best, fits } = decide(answers, figures)
    assert.notEqual(best.score, null)
    const firstCannot = fits.findIndex(({ score }) => score === null)
    for (const { cannot } of firstCannot < 0 ? [] : fits.slice(firstCannot)) assert.ok(cannot)
  }
})

test('Where no client can hold a connection open, only short polling is left.', () => {
  const { best, fallback, fits } = decide(given({ legacy: 'all' }))
  assert.equal(best.lane, 'short')
  assert.equal(fallback, undefined)
  assert.equal(fits.filter(({ cannot }) => cannot).length, 3)
})

test('Where some cannot, the way that stands beside is one that all can go.', () => {
  assert.equal(decide(given({ legacy: 'some' })).fallback?.lane, 'short')
  assert.equal(decide(assumed).fallback?.lane, 'long')
})

test('Functions that hold this many responses at once cannot hold more, and can hold fewer.', () => {
  assert.match(fitOf(decide(given({ hosting: 'lambda' })), 'sse').cannot ?? '', /1,000 concurrent responses/)
  assert.equal(fitOf(decide(given({ hosting: 'lambda', people: 900 })), 'sse').cannot, undefined)
  assert.match(fitOf(decide(given({ hosting: 'azure' })), 'socket').cannot ?? '', /230 s/)
})

test('A delivery that lost entries in the run is not recommended to who may miss none.', () => {
  const lossy = figuresOf(
    plausibleRunWith('sse', { ledger: { ...plainLedger, lost: 3, late: 0, received: 23_997 } }),
    'own',
  )
  assert.equal(decide(assumed, figures).best.lane, 'sse')
  assert.notEqual(decide(assumed, lossy).best.lane, 'sse')
})

test('One that was later in the run than a value may be loses for it, on a clean line only.', () => {
  const late = plausibleRunWith('sse', {
    latency: { count: 1, p50Ms: 1, p95Ms: 2, p99Ms: 1_400, maxMs: 2_000, counts: [] },
  })
  const clean = figuresOf(late, 'own')
  assert.ok(clean)
  const cut = {
    ...clean,
    scenario: { ...clean.scenario, network: { kind: 'cut', everySeconds: 10, forMs: 1_400 } as const },
  }
  assert.equal(fitOf(decide(assumed, clean), 'sse').sum, fitOf(decide(assumed, cut), 'sse').sum - 18)
})

test('The rules that a team must keep are as many as PROTOCOL.md has.', () => {
  const protocol = readFileSync(resolve(import.meta.dirname, '../../server/PROTOCOL.md'), 'utf8')
  for (const [lane, prefix] of Object.entries({ short: 'SP', long: 'LP', sse: 'SSE', socket: 'WS' })) {
    const count = protocol.match(new RegExp(`^- \\*\\*${prefix}\\d+\\*\\*`, 'gm'))?.length
    const said = fitOf(decide(assumed), lane).reasons.find(({ restsOn }) => restsOn.name === 'PROTOCOL.md')
    assert.match(said?.says ?? '', new RegExp(`^${count} rules`))
  }
})

test('All four are weighed, whatever is answered.', () => {
  for (const answers of everyTurn()) {
    assert.deepEqual(
      decide(answers)
        .fits.map(({ lane }) => lane)
        .sort(),
      [...deliveryNames].sort(),
    )
  }
})

const plainLedger = {
  ...{ expected: 24_000, received: 24_000, lost: 0, late: 0, repeated: 0, outOfOrder: 0, declared: 0 },
  ...{ altered: 0, onTheWay: 0 },
}

/** Every single answer changed, from each example. */
function* everyTurn(): Generator<Answers> {
  for (const { answers } of examples) {
    yield answers
    for (const [name, values] of Object.entries(choices))
      for (const value of values) yield { ...answers, [name]: value }
    for (const people of [1, 1_000_000]) yield { ...answers, people }
    for (const bytes of [10, 100_000]) yield { ...answers, bytes }
  }
}
