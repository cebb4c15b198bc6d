import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createPriceBoard } from '#server/domain/trading/price-board.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import type { Packet } from './encode/packet.ts'
import { createPriceSubscriptions, type PriceWatcher } from './price-frames.ts'

const all = ['AAA', 'BBB', 'CCC']
const frameMs = 50

class Watcher implements PriceWatcher {
  isFull = false
  readonly packets: Packet[] = []

  write(packet: Packet): void {
    this.packets.push(packet)
  }

  /** Symbol and last price from each frame. */
  get frames(): string[][] {
    return this.packets.map(({ text }) => {
      const [, { ticks }] = JSON.parse(text.slice(1)) as [string, { ticks: WireTick[] }]
      return ticks.map(([symbol, , , lastMinor]) => `${symbol} ${lastMinor}`)
    })
  }
}

function market(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const board = createPriceBoard(all)
  const flows = createPriceSubscriptions(board)
  t.after(flows.close)
  return {
    flows,
    board,
    trade: (symbol: string, lastMinor: number) =>
      board.set([symbol, lastMinor - 1, lastMinor + 1, lastMinor, 10]),
    frame: () => t.mock.timers.tick(frameMs),
    watching(symbols: readonly string[]) {
      const watcher = new Watcher()
      flows.watch(watcher, symbols, board.version())
      return watcher
    },
  }
}

test('WS6 A frame carries the latest of each instrument that has changed, once', (t) => {
  const { trade, frame, watching } = market(t)
  const watcher = watching(all)
  for (const price of [100, 101, 102]) trade('AAA', price)
  trade('CCC', 300)
  frame()
  trade('AAA', 103)
  frame()
  frame()
  assert.deepEqual(watcher.frames, [['AAA 102', 'CCC 300'], ['AAA 103']])
})

test('WS6 However many ticks there are, a second has at most 20 frames', (t) => {
  const { trade, frame, watching } = market(t)
  const watcher = watching(all)
  for (let beat = 0; beat < 20; beat += 1) {
    for (let nth = 0; nth < 100; nth += 1) trade('AAA', 100 + nth)
    frame()
  }
  assert.equal(watcher.packets.length, 20)
})

test('WS6 Those who watch the same are given the very same packet', (t) => {
  const { trade, frame, watching } = market(t)
  const [one, other, third] = [watching(all), watching(all), watching(['AAA'])]
  trade('AAA', 100)
  trade('BBB', 200)
  frame()
  assert.equal(one.packets[0], other.packets[0])
  assert.deepEqual(third.frames, [['AAA 100']])
})

test('WS6 One that is full is passed over, and gets the latest of all it missed once it can take it', (t) => {
  const { trade, frame, watching } = market(t)
  const [slow, quick] = [watching(all), watching(all)]
  slow.isFull = true
  trade('AAA', 100)
  frame()
  trade('BBB', 200)
  trade('AAA', 101)
  frame()
  slow.isFull = false
  frame()
  trade('CCC', 300)
  frame()
  assert.deepEqual(slow.frames, [['AAA 101', 'BBB 200'], ['CCC 300']])
  assert.deepEqual(quick.frames, [['AAA 100'], ['AAA 101', 'BBB 200'], ['CCC 300']])
})

test('WS6 One who joins others gets what has changed since its snapshot', (t) => {
  const { trade, frame, watching } = market(t)
  watching(all)
  trade('AAA', 100)
  const late = watching(all)
  trade('BBB', 200)
  frame()
  assert.deepEqual(late.frames, [['BBB 200']])
})

test('Nothing is sent to one who has left, and nothing beats for nobody', (t) => {
  const { flows, trade, frame, watching } = market(t)
  const watcher = watching(all)
  flows.leave(watcher)
  trade('AAA', 100)
  frame()
  assert.deepEqual([watcher.packets, flows.watchers()], [[], 0])
})
