import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { ClientLedger, emptyLedger, LedgerTruth } from './lab-ledger.ts'

type Arrival = number | `${number} other` | `reset ${number}`

test('What comes in its turn is received', () => {
  assert.deepEqual(ledgerOf([1, 2, 3, 4, 5]), { received: 5 })
})

test('What was passed over is lost; what has not come when all is over is late', () => {
  assert.deepEqual(ledgerOf([1, 3, 4]), { received: 3, lost: 1, late: 1 })
  assert.deepEqual(ledgerOf([]), { late: 5 })
})

test('What may still come is on its way, until all is over', () => {
  assert.deepEqual(ledgerOf([1, 2], { isOver: false }), { received: 2, onTheWay: 3 })
})

test('What a client that was refused for good has not got is lost', () => {
  const ledger = new ClientLedger(toldTo(5))
  ledger.arrived(1, sumOf(1))
  const { received, lost, late } = figuresOf(ledger, false, true)
  assert.deepEqual({ received, lost, late }, { received: 1, lost: 4, late: 0 })
})

test('A second coming is a repeat', () => {
  assert.deepEqual(ledgerOf([1, 2, 2, 1, 3, 4, 5]), { received: 5, repeated: 2 })
})

test('Two that have changed places are out of order, and not lost', () => {
  assert.deepEqual(ledgerOf([1, 3, 2, 4, 5]), { received: 5, outOfOrder: 1 })
})

test('What comes late is out of order, once; what comes late again is a repeat', () => {
  assert.deepEqual(ledgerOf([1, 5, 3, 3, 2, 4]), { received: 5, outOfOrder: 3, repeated: 1 })
})

test('What an explicit reset has passed over is declared, and not lost', () => {
  assert.deepEqual(ledgerOf([1, 'reset 4', 5]), { received: 2, declared: 3 })
  assert.deepEqual(ledgerOf(['reset 5']), { declared: 5 })
})

test('What was lost before a reset stays lost', () => {
  assert.deepEqual(ledgerOf([1, 3, 'reset 4', 5]), { received: 3, lost: 1, declared: 1 })
})

test('After a reset to an earlier place, what had come beyond it counts no more', () => {
  assert.deepEqual(ledgerOf([1, 2, 3, 4, 'reset 2', 3, 4, 5]), { received: 5 })
})

test('What differs from what the database holds is altered, whether that was told before or after', () => {
  for (const told of ['before', 'after'] as const) {
    assert.deepEqual(ledgerOf([1, '2 other', 3, 4, 5], { told }), { received: 5, altered: 1 })
    assert.deepEqual(ledgerOf([1, 2, '2 other', 3, 4, 5], { told }), { received: 5, repeated: 1, altered: 1 })
  }
})

test('A client that has heard it right is not taken for altered because another has not, nor the other way round', () => {
  const truth = new LedgerTruth()
  const [wrong, right, gone] = [new ClientLedger(truth), new ClientLedger(truth), new ClientLedger(truth)]
  wrong.arrived(1, 'other')
  right.arrived(1, 'sum of 1')
  truth.told(1, 'sum of 1')
  assert.equal(figuresOf(wrong).altered, 1)
  assert.equal(figuresOf(right).altered, 0)
  assert.deepEqual(figuresOf(gone), { ...emptyLedger(), expected: 1, late: 1 })
})

test('What the database does not hold in the end was made up', () => {
  assert.deepEqual(ledgerOf([1, 2, 3, 4, 5, 6]), { received: 5, altered: 1 })
  assert.deepEqual(ledgerOf([1, 2, 3, 4, 5, 7]), { received: 5, altered: 1 })
  assert.deepEqual(ledgerOf([1, 2, 3, 4, 5, 6], { isOver: false }), { received: 5 })
})

test('A client that begins later is expected to have what came after', () => {
  const truth = toldTo(5)
  const ledger = new ClientLedger(truth, 3)
  for (const seq of [4, 5]) ledger.arrived(seq, sumOf(seq))
  assert.deepEqual(figuresOf(ledger), { ...emptyLedger(), expected: 2, received: 2 })
})

test('The truth has no holes', () => {
  assert.throws(() => toldTo(5).told(7, 'any'), RangeError)
})

test('Whatever is lost, repeated and swapped, the figures add up to what the database holds', (t) => {
  const random = seededRandom(t)
  for (let round = 0; round < 200; round += 1) {
    const truth = new LedgerTruth()
    const ledger = new ClientLedger(truth)
    const seen = new Set<number>()
    let repeated = 0
    let come = Array.from({ length: 50 }, (_, index) => index + 1).filter(() => random() < 0.9)
    come = come.flatMap((seq) => (random() < 0.1 ? [seq, seq] : [seq]))
    for (let at = 1; at < come.length; at += 1) {
      if (random() < 0.1) [come[at - 1], come[at]] = [come[at] ?? 0, come[at - 1] ?? 0]
    }
    for (const seq of come) {
      assert.equal(ledger.arrived(seq, sumOf(seq)), !seen.has(seq))
      if (seen.has(seq)) repeated += 1
      seen.add(seq)
    }
    for (let seq = 1; seq <= 50; seq += 1) truth.told(seq, sumOf(seq))
    const figures = figuresOf(ledger)
    const newest = Math.max(0, ...seen)
    assert.deepEqual(
      { ...figures, outOfOrder: 0 },
      {
        ...emptyLedger(),
        expected: 50,
        received: seen.size,
        lost: newest - seen.size,
        late: 50 - newest,
        repeated,
      },
    )
  }
})

/** The non-zero figures of a ledger, for a stream of five entries. */
function ledgerOf(
  arrivals: readonly Arrival[],
  { told = 'after', isOver = true }: { told?: 'before' | 'after'; isOver?: boolean } = {},
) {
  const truth = told === 'before' ? toldTo(5) : new LedgerTruth()
  const ledger = new ClientLedger(truth)
  for (const arrival of arrivals) {
    const [seq, other] = String(arrival).split(' ')
    if (seq === 'reset') ledger.reset(Number(other))
    else ledger.arrived(Number(seq), other ?? sumOf(Number(seq)))
  }
  if (told === 'after') for (let seq = 1; seq <= 5; seq += 1) truth.told(seq, sumOf(seq))
  const { expected, ...figures } = figuresOf(ledger, isOver)
  assert.equal(expected, 5)
  assert.equal(figures.received + figures.lost + figures.declared + figures.late + figures.onTheWay, expected)
  return Object.fromEntries(Object.entries(figures).filter(([, count]) => count !== 0))
}

function figuresOf(ledger: ClientLedger, isOver = true, hasEnded = false) {
  const total = emptyLedger()
  ledger.addTo(total, { isOver, hasEnded })
  return total
}

function toldTo(head: number): LedgerTruth {
  const truth = new LedgerTruth()
  for (let seq = 1; seq <= head; seq += 1) truth.told(seq, sumOf(seq))
  return truth
}

function sumOf(seq: number): string {
  return `sum of ${seq}`
}
