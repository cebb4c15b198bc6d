import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '#server/app.ts'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { encodeLogValue } from '#server/kafka/log-record.ts'
import { ensurePricesTopic } from '#server/kafka/prices-topic.ts'
import { createLogger } from '#server/logger.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, sharedKafka } from '#server/testing/kafka.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { appOn, testApp } from '#server/testing/test-app.ts'
import { buy, place } from '#server/testing/trading.ts'
import { type Instrument, instruments } from './instruments.ts'
import { createPriceBoard } from './price-board.ts'
import { openPriceTopic } from './price-topic.ts'

const skip = kafkaMissing ?? false
const moves = { TICKS_PER_SECOND: '300' }
const tickAt = (symbol: string, lastMinor: number): WireTick => [
  symbol,
  lastMinor - 1,
  lastMinor + 1,
  lastMinor,
  10,
]
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

test('T17 Partitions that a topic lacks are added at the start, also by two at once; records stay where they are.', {
  skip,
}, async () => {
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  await ensurePricesTopic(kafka, 2)
  await Promise.all([ensurePricesTopic(kafka, 24), ensurePricesTopic(kafka, 24)])
  await ensurePricesTopic(kafka, 3)
  const admin = kafka.admin()
  const { topics } = await admin.metadata({ topics: [kafka.topic('prices')] })
  assert.equal(topics.get(kafka.topic('prices'))?.partitionsCount, 24)
  await admin.close()
})

test('T15 T17 A board takes no record of a term that is over, of another partition, or that is no price; each is counted.', {
  skip,
}, async (t) => {
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  const listed = instruments.filter(({ partition }) => partition < 2)
  const [nrdx, helx] = listed
  assert.ok(nrdx && helx)
  await ensurePricesTopic(kafka, 2)
  const board = createPriceBoard(listed.map(({ symbol }) => symbol))
  const topic = openPriceTopic({
    ...{ kafka, board, instruments: listed, makesPrices: false, logger: createLogger('silent') },
    ...{ term: () => undefined, nowMs: Date.now },
  })
  const producer = kafka.producer()
  t.after(async () => {
    await Promise.all([topic.close(), producer.close()])
  })
  const produce = (
    lastMinor: number,
    wrong: Partial<Record<'key' | 'symbol' | 'term' | 'value', string>> = {},
  ) => {
    const tick = [wrong.symbol ?? nrdx.symbol, lastMinor - 1, lastMinor + 1, lastMinor, 10]
    const value = encodeLogValue('price', new Date().toISOString(), JSON.stringify(tick))
    return producer.send({
      messages: [
        {
          ...{ topic: kafka.topic('prices'), partition: 0, key: wrong.key ?? nrdx.symbol },
          ...{ value: wrong.value ?? value, headers: { term: wrong.term ?? '7' } },
        },
      ],
    })
  }
  const last = () => board.tickOf(nrdx.symbol)?.[3]
  await produce(100)
  await eventually(() => last() === 100)
  await produce(200, { term: '6' })
  await produce(300, { key: helx.symbol })
  await produce(400, { symbol: helx.symbol })
  await produce(500, { term: 'seven' })
  await produce(600, { value: '{}' })
  await produce(700, { term: '8' })
  await eventually(() => last() === 700)
  assert.equal(board.version(), 2)
  assert.deepEqual(topic.skipped(), { term: 1, foreign: 1, broken: 3 })
})

test('T15 Records that come after Kafka was away change no price that came meanwhile, and fill nothing.', {
  skip,
}, async (t) => {
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  const listed = instruments.filter(({ partition }) => partition < 2)
  const [nrdx, helx] = listed
  assert.ok(nrdx && helx)
  await ensurePricesTopic(kafka, 2)
  const producer = kafka.producer()
  const produce = ({ symbol, partition }: Instrument, lastMinor: number, ageMs: number) => {
    const at = new Date(Date.now() - ageMs).toISOString()
    const value = encodeLogValue('price', at, JSON.stringify(tickAt(symbol, lastMinor)))
    const record = { topic: kafka.topic('prices'), key: symbol, partition, value, headers: { term: '7' } }
    return producer.send({ messages: [record] })
  }
  await produce(nrdx, 100, 60_000)
  await produce(nrdx, 200, 3_000)
  await produce(helx, 300, 60_000)
  await produce(helx, 400, 50_000)
  const board = createPriceBoard(
    listed.map(({ symbol }) => symbol),
    { staleMs: 10_000 },
  )
  const heard: number[] = []
  board.onTick(([, , , lastMinor]) => heard.push(lastMinor))
  board.set(tickAt(nrdx.symbol, 500))
  const topic = openPriceTopic({
    ...{ kafka, board, instruments: listed, makesPrices: false, logger: createLogger('silent') },
    ...{ term: () => undefined, nowMs: Date.now },
  })
  t.after(async () => {
    await Promise.all([topic.close(), producer.close()])
  })
  const last = ({ symbol }: Instrument) => board.tickOf(symbol)?.[3]
  await eventually(() => last(helx) === 400)
  await produce(nrdx, 600, 0)
  await eventually(() => last(nrdx) === 600)
  assert.deepEqual(heard, [500, 600])
})

test('T16 What is made from the first moment of a term on is produced, and nothing that others made before.', {
  skip,
}, async (t) => {
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  const listed = instruments.filter(({ partition }) => partition < 2)
  const [nrdx, helx] = listed
  assert.ok(nrdx && helx)
  await ensurePricesTopic(kafka, 2)
  let term: number | undefined
  const open = (makesPrices: boolean) => {
    const board = createPriceBoard(listed.map(({ symbol }) => symbol))
    const topic = openPriceTopic({
      ...{ kafka, board, instruments: listed, makesPrices, logger: createLogger('silent') },
      ...{ term: () => (makesPrices ? term : undefined), nowMs: Date.now },
    })
    t.after(topic.close)
    return board
  }
  const [made, received] = [open(true), open(false)]
  const heard: number[] = []
  received.onTick(([, , , lastMinor]) => heard.push(lastMinor))
  made.set(tickAt(nrdx.symbol, 100))
  term = 7
  made.set(tickAt(helx.symbol, 200))
  await eventually(() => heard.includes(200))
  made.set(tickAt(nrdx.symbol, 300))
  await eventually(() => heard.includes(300))
  assert.deepEqual(heard, [200, 300])
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
