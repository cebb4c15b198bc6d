import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireTick } from '#server/protocol/trading.ts'
import { instruments } from './instruments.ts'
import { createPriceBoard } from './price-board.ts'

const tick = (symbol: string, last: number): WireTick => [symbol, last - 1, last + 1, last, 10]

test('T2: what has changed since a version is the latest of each, and nothing twice.', () => {
  const board = createPriceBoard(['A', 'B', 'C'])
  assert.deepEqual(board.changedSince(0, board.symbols), [])
  board.set(tick('A', 10))
  board.set(tick('B', 20))
  board.set(tick('A', 11))
  assert.equal(board.version(), 3)
  assert.deepEqual(board.changedSince(0, ['A', 'B', 'C']), [tick('A', 11), tick('B', 20)])
  assert.deepEqual(board.changedSince(2, ['B', 'A']), [tick('A', 11)])
  assert.deepEqual(board.changedSince(board.version(), board.symbols), [])
  assert.deepEqual(board.changedSince(0, ['nothing', 'B']), [tick('B', 20)])
  assert.deepEqual(board.tickOf('A'), tick('A', 11))
  assert.equal(board.tickOf('C'), undefined)
})

test('A listener hears every tick of a known symbol until it leaves.', () => {
  const board = createPriceBoard(['A'])
  const heard: WireTick[] = []
  const leave = board.onTick((one) => heard.push(one))
  board.set(tick('A', 1))
  board.set(tick('Z', 1))
  board.set(tick('A', 2))
  leave()
  board.set(tick('A', 3))
  assert.deepEqual(heard, [tick('A', 1), tick('A', 2)])
  assert.equal(board.ticks(), 3)
})

test('T3: prices that have not moved for long are not fresh.', () => {
  let nowMs = 0
  const board = createPriceBoard(['A'], { staleMs: 100, now: () => nowMs })
  assert.equal(board.isFresh(), false)
  board.set(tick('A', 1))
  nowMs = 100
  assert.equal(board.isFresh(), true)
  nowMs = 101
  assert.equal(board.isFresh(), false)
})

test('T3: a price that was already old when it came makes nothing fresh.', () => {
  let nowMs = 1_000
  const board = createPriceBoard(['A', 'B'], { staleMs: 100, now: () => nowMs })
  board.set(tick('A', 1), 101)
  assert.equal(board.isFresh(), false)
  board.set(tick('A', 2), 40)
  nowMs = 1_060
  assert.equal(board.isFresh(), true)
  board.set(tick('B', 1), 1_000)
  assert.equal(board.isFresh(), true)
  nowMs = 1_061
  assert.equal(board.isFresh(), false)
})

test('T3: a price older than the one that is there changes nothing, and one that is too old to trade at is told to nobody.', () => {
  let nowMs = 100_000
  const board = createPriceBoard(['A'], { staleMs: 10_000, now: () => nowMs })
  const heard: WireTick[] = []
  board.onTick((one) => heard.push(one))
  board.set(tick('A', 1), 50_000)
  board.set(tick('A', 2), 49_000)
  assert.deepEqual([board.tickOf('A'), heard], [tick('A', 2), []])
  board.set(tick('A', 3), 1_000)
  nowMs += 500
  board.set(tick('A', 4), 30_000)
  board.set(tick('A', 5), 2_000)
  assert.deepEqual([board.tickOf('A'), board.version()], [tick('A', 3), 3])
  board.set(tick('A', 6), 1_500)
  assert.deepEqual(heard, [tick('A', 3), tick('A', 6)])
})

test('T15: of two terms the later one counts, until it has been silent for 10 s.', () => {
  let nowMs = 0
  const board = createPriceBoard(['A'], { now: () => nowMs })
  assert.deepEqual([7, 6, 8, 7, 8].map(board.admits), [true, false, true, false, true])
  nowMs = 9_999
  assert.equal(board.admits(7), false)
  nowMs = 10_000
  assert.equal(board.admits(7), true)
  assert.equal(board.admits(6), false)
})

test('There are 24 instruments, each once, by the pattern of a symbol.', () => {
  assert.equal(new Set(instruments.map(({ symbol }) => symbol)).size, 24)
  for (const { symbol, startMinor } of instruments) {
    assert.match(symbol, /^[A-Z]{1,8}$/)
    assert.ok(Number.isInteger(startMinor) && startMinor >= 2)
  }
})
