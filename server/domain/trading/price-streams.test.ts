import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { Feeds } from '#server/log/feeds.ts'
import type { Batch } from '#server/log/log.ts'
import { createPriceBoard } from './price-board.ts'
import { createPriceStreams } from './price-streams.ts'

const beatMs = 50

function market(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const board = createPriceBoard(['AAA', 'BBB'])
  const streams = createPriceStreams(board)
  t.after(streams.close)
  const feedsOf = (stream: string): Feeds => streams.feedsOf(stream) ?? assert.fail(stream)
  return {
    streams,
    feedsOf,
    trade: (symbol: string, lastMinor: number) =>
      board.set([symbol, lastMinor - 1, lastMinor + 1, lastMinor, 10]),
    async beat() {
      t.mock.timers.tick(beatMs)
      await turn()
    },
    /** Seq and last price of each retained entry of a stream. */
    async kept(stream: string) {
      const found: string[] = []
      let batch: Batch = await feedsOf(stream).read(stream, 'start')
      for (;;) {
        assert.equal(batch.type, 'entries')
        if (batch.type !== 'entries') return found
        found.push(...batch.entries.map(({ seq, json }) => `${seq} ${JSON.parse(json).data[3]}`))
        if (!batch.more) return found
        batch = await feedsOf(stream).read(stream, batch.next)
      }
    },
  }
}

test('T16 An entry carries the latest price of its instrument, and there is none where nothing changed', async (t) => {
  const { feedsOf, trade, beat, kept } = market(t)
  feedsOf('prices:AAA')
  for (const price of [100, 101, 102]) trade('AAA', price)
  await beat()
  trade('BBB', 200)
  await beat()
  await beat()
  trade('AAA', 103)
  await beat()
  assert.deepEqual(await kept('prices:AAA'), ['1 102', '2 103'])
  assert.deepEqual(await kept('prices:BBB'), ['1 200'])
})

test('T16 However many ticks there are, a stream has at most 20 entries a second', async (t) => {
  const { feedsOf, trade, beat, kept } = market(t)
  feedsOf('prices:AAA')
  for (let nth = 0; nth < 20; nth += 1) {
    for (let tick = 0; tick < 10; tick += 1) trade('AAA', 100 + 10 * nth + tick)
    await beat()
  }
  assert.equal((await kept('prices:AAA')).length, 20)
})

test('T16 A stream begins with the price that stands when its first reader comes', async (t) => {
  const { feedsOf, trade, beat, kept } = market(t)
  trade('AAA', 100)
  trade('AAA', 101)
  await beat()
  feedsOf('prices:BBB')
  await turn()
  assert.deepEqual(await kept('prices:AAA'), ['1 101'])
})

test('T16 Who reads on after a while finds what changed meanwhile, and a reset where it is kept no longer', async (t) => {
  const { feedsOf, trade, beat } = market(t)
  const feeds = feedsOf('prices:AAA')
  const { head } = await feeds.read('prices:AAA', 'now')
  for (let nth = 0; nth < 600; nth += 1) {
    trade('AAA', 100 + nth)
    await beat()
  }
  const all = await feeds.read('prices:AAA', head)
  assert.equal(all.type === 'entries' && all.entries[0]?.seq, 1)
  trade('AAA', 700)
  await beat()
  const late = await feeds.read('prices:AAA', head)
  assert.equal(late.type === 'reset' && late.reason, 'trimmed')
})

test('T16 A cursor that another process gave out is of another epoch', async (t) => {
  const { feedsOf } = market(t)
  const { head } = await feedsOf('prices:AAA').read('prices:AAA', 'now')
  const other = createPriceStreams(createPriceBoard(['AAA']))
  t.after(other.close)
  const elsewhere = await other.feedsOf('prices:AAA')?.read('prices:AAA', head)
  assert.equal(elsewhere?.type === 'reset' && elsewhere.reason, 'epoch')
})

test('There is no stream of what is no instrument, and nothing is kept before somebody reads', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let asked = 0
  const board = createPriceBoard(['AAA'])
  const streams = createPriceStreams({
    ...board,
    changedSince(...args) {
      asked += 1
      return board.changedSince(...args)
    },
  })
  t.after(streams.close)
  for (const name of ['prices:', 'prices:aaa', 'prices:ZZZ', 'AAA', 'feed']) {
    assert.equal(streams.feedsOf(name), undefined)
  }
  t.mock.timers.tick(1_000)
  assert.equal(asked, 0)
  streams.feedsOf('prices:AAA')
  t.mock.timers.tick(1_000)
  assert.equal(asked, 21)
})
