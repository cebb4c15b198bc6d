import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assumed } from './answers.ts'
import { decide } from './decide.ts'
import { turningPoints } from './turning-points.ts'

test('Each turning point does change the recommendation, to what it says and by what it says.', () => {
  const points = turningPoints(assumed)
  assert.ok(points.length >= 3)
  for (const { change, winner, lead } of points) {
    const { best, fits } = decide({ ...assumed, ...change })
    assert.equal(best.lane, winner)
    const before = fits.find(({ lane }) => lane === decide(assumed).best.lane)
    assert.equal(lead, before?.score === null ? null : best.sum - (before?.sum ?? 0))
  }
})

test('Names both sides sending and data being 30 s old, for the answers of the bell.', () => {
  const found = turningPoints(assumed).map(({ when, winner }) => `${when}: ${winner}`)
  assert.ok(found.includes('both sides send: socket'), found.join('\n'))
  assert.ok(found.includes('data may be 30 s old: short'), found.join('\n'))
})
