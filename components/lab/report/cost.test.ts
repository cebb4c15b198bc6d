import assert from 'node:assert/strict'
import { test } from 'node:test'
import { madeUpReport } from '#server/testing/made-up-report.ts'
import { bytesPerDelivery, costPerClientMinute, costPerDelivery, emptyShare, totalCost } from './cost.ts'
import { difference, share } from './sheet.ts'

const { short, sse } = madeUpReport().lanes

test('A cost of a client and minute is the total, divided by the clients and by the minutes.', () => {
  const ofTwoMinutes = costPerClientMinute('short', short, 120)
  assert.equal(ofTwoMinutes.requests, 600 / 50 / 2)
  assert.equal(ofTwoMinutes.sentKb, 250 / 50 / 2)
  assert.equal(totalCost('short', short).receivedKb, 1_340)
})

test('A cost of a delivered event counts what came, and what brought nothing with it.', () => {
  const cost = costPerDelivery(short)
  assert.equal(cost.bytes, (250_000 + 1_340_000) / 6_000)
  assert.equal(cost.queriesPerThousand, (122 * 1_000) / 6_000)
  assert.equal(cost.cpuMsPerThousand, 50)
})

test('Without clients, without time and without events there is no figure, and no infinite one.', () => {
  const nobody = { ...short, clients: 0, ledger: { ...short.ledger, received: 0 }, requests: 0 }
  assert.deepEqual(new Set(Object.values(costPerClientMinute('short', nobody, 60))), new Set([null]))
  assert.equal(costPerClientMinute('short', short, 0).cpuMs, null)
  assert.equal(bytesPerDelivery(nobody), null)
  assert.equal(emptyShare('short', nobody), null)
})

test('Only a poll comes back empty.', () => {
  assert.equal(emptyShare('short', short), 0.05)
  assert.equal(emptyShare('sse', sse), null)
  assert.equal(costPerClientMinute('sse', sse, 60).empty, null)
})

test('A share and a difference of what was not measured are not measured.', () => {
  assert.equal(share(0, 0), null)
  assert.equal(share(null, 3), null)
  assert.equal(share(3, null), null)
  assert.equal(share(0, 3), 0)
  assert.equal(difference(null, 1), null)
  assert.equal(difference(1, 3), -2)
})
