import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { eventually } from '#server/testing/eventually.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { createPriceBoard, type PriceBoard } from './price-board.ts'
import { createPriceRelay } from './price-relay.ts'

const never = 3_600_000

/** One process's end of the relay: makes prices in the term set by `lead`, or receives them. */
type End = {
  board: PriceBoard
  lead(term: number | undefined): void
  /** Sends the others any message, not necessarily a price frame. */
  publish(message: string): void
}

/** `listenUrl`: where LISTEN connects. `looksUp`: whether it can query Postgres itself. */
async function endOn(t: TestContext, url: string, options: { listenUrl?: string; looksUp?: boolean } = {}) {
  const { listenUrl = url, looksUp = true } = options
  const database = openDatabase(url, { connections: { transactions: 2, statements: 2 } })
  const other = openDatabase(url, { connections: { transactions: 1, statements: 1 } })
  if (!looksUp) await Promise.all(other.pools.map((pool) => pool.end()))
  const listener = createListener(listenUrl, { checkMs: never })
  const backplane = createPostgresBackplane(url, listener)
  const board = createPriceBoard(['NRDX'])
  let term: number | undefined
  const relay = createPriceRelay({
    ...{ pool: looksUp ? database.pool : other.pool, backplane, board },
    term: () => term,
  })
  listener.start()
  await eventually(listener.isConnected)
  t.after(async () => {
    await relay.close()
    await Promise.all([backplane.close(), listener.close()])
    await Promise.all([database.close(), other.close()])
  })
  const end: End = {
    board,
    lead(next) {
      term = next
    },
    publish: (message) => backplane.publish('prices', message),
  }
  return end
}

const tickAt = (lastMinor: number): WireTick => ['NRDX', lastMinor - 1, lastMinor + 1, lastMinor, 10]
const lastOf = ({ board }: End) => board.tickOf('NRDX')?.[3]

test('T15 Prices come to one whose notifications do not, from one that hears nobody either; over the backplane alone they do not.', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const deaf = { listenUrl: Object.assign(new URL(url), { port: String(line.port) }).href }
  const maker = await endOn(t, url, deaf)
  maker.lead(1)
  const reader = await endOn(t, url, deaf)
  const control = await endOn(t, url, { ...deaf, looksUp: false })
  line.swallow()

  let price = 1_000
  const moving = setInterval(() => {
    price += 1
    maker.board.set(tickAt(price))
  }, 20)
  t.after(() => clearInterval(moving))
  const from = await eventually(() => lastOf(reader))
  await eventually(() => (lastOf(reader) ?? 0) > from)
  assert.equal(lastOf(control), undefined)
})

test('T15 What a process that leads no more still sends is passed over, until the newer one is silent.', async (t) => {
  const { url } = await testDatabase(t)
  const [reader, sender] = [await endOn(t, url), await endOn(t, url)]
  const frame = (term: unknown, lastMinor: number) => JSON.stringify({ term, ticks: [tickAt(lastMinor)] })
  sender.publish(frame(7, 700))
  await eventually(() => lastOf(reader) === 700)
  sender.publish(frame(6, 600))
  sender.publish(frame(8, 800))
  await eventually(() => lastOf(reader) === 800)
  assert.equal(reader.board.version(), 2)
})

test('T15 What is no frame of prices harms nobody.', async (t) => {
  const { url } = await testDatabase(t)
  const [reader, sender] = [await endOn(t, url), await endOn(t, url)]
  for (const message of ['', '[', 'null', '7', '[]', '{}', '{"term":1}', '{"term":"1","ticks":[]}']) {
    sender.publish(message)
  }
  sender.publish('{"term":1,"ticks":[["NRDX",1,null,3,4]]}')
  sender.publish('{"term":1,"ticks":[["NRDX",1,2]]}')
  sender.publish(JSON.stringify({ term: 1, ticks: [tickAt(100)] }))
  await eventually(() => lastOf(reader) === 100)
  assert.equal(reader.board.version(), 1)
})
