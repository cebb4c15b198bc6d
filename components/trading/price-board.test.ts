import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireInstrument, WireTick } from '#server/protocol/trading.ts'
import { createPriceBoard, type Trade } from './price-board.ts'

test('a board shows what the page was made with until something else is heard', () => {
  const { board } = aBoard()
  assert.equal(board.quote('NRDX')?.lastMinor, 8_400)
  assert.equal(board.quote('NONE'), undefined)
})

test('what watches a symbol is told once a frame, however many prices came, and not of other symbols', () => {
  const { board, frame } = aBoard()
  const told: (number | undefined)[] = []
  board.watch('NRDX', () => told.push(board.quote('NRDX')?.lastMinor))
  hear(board, ['NRDX', 8_410, 8_412, 8_411, 10])
  hear(board, ['NRDX', 8_412, 8_414, 8_413, 20], ['HELX', 1, 3, 2, 4])
  assert.deepEqual(told, [])
  frame()
  assert.deepEqual(told, [8_413])
  hear(board, ['HELX', 1, 3, 3, 4])
  frame()
  assert.deepEqual(told, [8_413])
})

test('what listens is told of each trade at once, with the way that the price went', () => {
  const { board } = aBoard()
  const heard: Trade[] = []
  const stop = board.listen('NRDX', (trade) => heard.push(trade))
  hear(board, ['NRDX', 8_410, 8_412, 8_411, 10])
  hear(board, ['NRDX', 8_410, 8_412, 8_409, 5])
  hear(board, ['NRDX', 8_410, 8_412, 8_409, 6])
  stop()
  hear(board, ['NRDX', 8_410, 8_412, 8_500, 6])
  assert.deepEqual(
    heard.map(({ priceMinor, size, way }) => [priceMinor, size, way]),
    [
      [8_411, 10, 'up'],
      [8_409, 5, 'down'],
      [8_409, 6, 'same'],
    ],
  )
})

test('the same prices again, as after a line came back, are no trade', () => {
  const { board, frame } = aBoard()
  let told = 0
  board.watch('NRDX', () => told++)
  hear(board, ['NRDX', 8_399, 8_401, 8_400, 10])
  frame()
  assert.deepEqual([told, board.trades('NRDX').count], [0, 0])
})

test('the latest fifty trades are kept, and all are counted', () => {
  const { board } = aBoard()
  for (let n = 1; n <= 60; n += 1) hear(board, ['NRDX', 8_400, 8_402, 8_400 + n, n])
  const { latest, count } = board.trades('NRDX')
  assert.deepEqual([latest.length, latest[0]?.size, latest.at(-1)?.size, count], [50, 11, 60, 60])
})

test('the sparkline moves its end within a minute, and grows by one point with the next', () => {
  const { board } = aBoard()
  board.hear({ at: '2026-11-24T12:00:01.000Z', ticks: [['NRDX', 1, 3, 8_500, 1]] })
  board.hear({ at: '2026-11-24T12:00:59.000Z', ticks: [['NRDX', 1, 3, 8_501, 1]] })
  assert.deepEqual(board.recent('NRDX'), [8_300, 8_400, 8_501])
  board.hear({ at: '2026-11-24T12:01:00.000Z', ticks: [['NRDX', 1, 3, 8_502, 1]] })
  assert.deepEqual(board.recent('NRDX'), [8_300, 8_400, 8_501, 8_502])
})

function aBoard() {
  const frames: (() => void)[] = []
  const board = createPriceBoard([instrument('NRDX'), instrument('HELX')], (paint) => frames.push(paint))
  return { board, frame: () => frames.splice(0).forEach((paint) => void paint()) }
}

function hear(board: ReturnType<typeof createPriceBoard>, ...ticks: WireTick[]) {
  board.hear({ at: '2026-11-24T12:00:00.000Z', ticks })
}

function instrument(symbol: string): WireInstrument {
  const price = { bidMinor: 8_399, askMinor: 8_401, lastMinor: 8_400, size: 10, openMinor: 8_300 }
  return { symbol, name: symbol, currency: 'EUR', tickMinor: 1, ...price, recent: [8_300, 8_400] }
}
