import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '#server/app.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, sharedKafka } from '#server/testing/kafka.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'
import { buy, place } from '#server/testing/trading.ts'
import { instruments } from './instruments.ts'

const skip = kafkaMissing ?? false
const moves = { TICKS_PER_SECOND: '300' }
const ticks = ({ context }: App) => context.prices.ticks()
const ticking = (app: App, more = 100) => {
  const from = ticks(app)
  return eventually(() => ticks(app) > from + more)
}

test('Each instrument has a partition of its own, and each always the same.', () => {
  const partitions = instruments.map(({ partition }) => partition)
  assert.equal(new Set(partitions).size, instruments.length)
  const first = Object.fromEntries(instruments.map(({ symbol, partition }) => [symbol, partition]))
  assert.deepEqual([first.NRDX, first.TSLM, first.WLDN], [0, 4, 23])
})

test('T2 T16 Over Kafka a gateway has all prices, orders are filled at them, and a cursor of one node is good on another.', {
  skip,
}, async (t) => {
  const settings = { ...moves, ...(await sharedKafka()) }
  const maker = await testApp(t, { ...settings, ROLES: 'prices' })
  const [one, other] = await Promise.all([
    appOn(t, maker.databaseUrl, { ...settings, ROLES: 'web,gateway' }),
    appOn(t, maker.databaseUrl, { ...settings, ROLES: 'web,gateway,worker' }),
  ])
  for (const node of [one, other]) {
    await ticking(node)
    await eventually(() => instruments.every(({ symbol }) => node.context.prices.tickOf(symbol)))
  }
  const person = await signedInPerson({ ...one, databaseUrl: maker.databaseUrl })
  assert.equal((await place(person, buy(1))).status, 'filled')

  const read = async (node: App, after?: string) => {
    const query = after ? `?after=${after}` : ''
    const url = `http://127.0.0.1:${node.port}/api/streams/prices:NRDX${query}`
    return (await (await fetch(url, { headers: { cookie: person.cookie } })).json()) as WirePage
  }
  let seq = 0
  let after: string | undefined
  for (let poll = 0; poll < 40; poll += 1) {
    const page = await read(poll % 2 ? one : other, after)
    for (const entry of page.entries) {
      if (seq > 0) assert.equal(entry.seq, seq + 1)
      seq = entry.seq
      assert.equal((entry.data as WireTick)[0], 'NRDX')
    }
    after = page.next
  }
  assert.ok(seq > 0)
})
