import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { NodeWebSocket, type WebSocket } from 'socket.io-client'
import { bufferingProxy } from '#server/lab/network/buffering-proxy.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { emptyLedger, LedgerTruth, sumOf } from '#server/protocol/lab-ledger.ts'
import { countingLine } from '#server/testing/counting-line.ts'
import { eventually } from '#server/testing/eventually.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { testApp } from '#server/testing/test-app.ts'
import { EntryTimes } from './entry-times.ts'
import { followLane } from './follow-lane.ts'
import type { WireLine } from './lane.ts'
import { LaneRecord } from './lane-record.ts'

for (const lane of deliveryNames) {
  test(`Every entry comes once, and what is told is what passed on its line, by ${lane}`, async (t) => {
    const { write, follow, line } = await stage(t)
    await write(3)
    const { record, isOpen, lines } = follow(lane, line.port)
    await eventually(isOpen)
    // More than a page of polls, and one entry that comes alone.
    await write(320)
    await write(1)
    await eventually(() => record.last === 324)
    const { ledger, latency, reconnects } = record.figures(true)
    assert.deepEqual(ledger, { ...emptyLedger(), expected: 324, received: 324 })
    assert.equal(latency.count, 321, 'what was there before is backlog')
    assert.ok((latency.p50Ms ?? 0) > 0 && (latency.maxMs ?? 0) < 10_000)
    assert.equal(reconnects, 0)
    await eventually(() => record.figures(false).requests === line.passed.requests)
    const brought = lines.flatMap(({ seqs }) => (seqs ? range(...seqs) : []))
    assert.deepEqual(brought, range(1, 324))
    assert.ok(record.wire.bringing(324)?.text.includes('{"seq":324,'))
  })

  test(`Comes back after a cut to all that it has missed, by ${lane}`, async (t) => {
    const { write, follow, line } = await stage(t)
    const { record, isOpen } = follow(lane, line.port)
    await eventually(isOpen)
    await write(1)
    await eventually(() => record.last === 1)
    line.refuse()
    await write(7)
    await eventually(() => record.lostMs !== undefined)
    line.accept()
    await write(1)
    await eventually(() => record.last === 9 && record.lostMs === undefined)
    const { ledger, reconnects } = record.figures(true)
    assert.deepEqual(ledger, { ...emptyLedger(), expected: 9, received: 9 })
    assert.equal(reconnects, 1)
  })
}

test('No request makes a browser ask first, but for a tag at the address that gave it', async (t) => {
  const { write, follow, line } = await stage(t)
  const followed = deliveryNames.map((lane) => follow(lane, line.port))
  await eventually(() => followed.every(({ isOpen }) => isOpen()))
  for (let count = 1; count <= 3; count += 1) {
    await write(1)
    await eventually(() => followed.every(({ record }) => record.last === count))
  }
  const isTagged = ({ headers }: { headers: Headers }) => headers.has('if-none-match')
  await eventually(() => followed[0]?.asked.some(isTagged))
  const asked = followed.flatMap(({ asked }) => [...asked])
  assert.ok(asked.some(({ url }) => url.endsWith('&wait=25')))
  for (const { headers } of asked) {
    for (const name of headers.keys()) assert.ok(['accept', 'if-none-match'].includes(name), name)
  }
  for (const one of asked.filter(isTagged)) assert.equal(asked[asked.indexOf(one) - 1]?.url, one.url)
})

test('A stream that a proxy holds back goes on by long polling, and counts', async (t) => {
  const { app, write, follow } = await stage(t)
  const box = await bufferingProxy(app.port)
  t.after(() => box.close())
  const { record, isOpen } = follow('sse', box.port)
  await eventually(isOpen)
  await write(5)
  await eventually(() => record.last === 5)
  const { ledger, latency } = record.figures(true)
  assert.deepEqual(ledger, { ...emptyLedger(), expected: 5, received: 5 })
  assert.equal(latency.count, 5)
})

/** An app, a user's stream in it, and a connection to it that counts; what is written goes to every lane. */
async function stage(t: TestContext) {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const stream = `user:${person.id}`
  const line = await countingLine(t, app.port)
  const records: LaneRecord[] = []
  const truth = new LedgerTruth()
  const times = new EntryTimes()

  async function write(count: number) {
    const { log } = app.context
    const entries = Array.from({ length: count }, (_, number) => ({ stream, type: 'note', data: { number } }))
    await log.transact((tx) => log.append(tx, entries))
    for (const { seq, json } of (await log.read(stream, truth.head, 1_000)).entries) {
      const { at, data } = JSON.parse(json)
      truth.told(seq, sumOf(JSON.stringify(data)))
      times.committed(seq, Date.parse(at))
      for (const record of records) record.committed(seq, Date.parse(at))
    }
  }

  function follow(lane: DeliveryName, port: number) {
    const record = new LaneRecord(lane, times, truth)
    records.push(record)
    const lines: WireLine[] = []
    const asked: { url: string; headers: Headers }[] = []
    let open = false
    const left = new AbortController()
    t.after(() => left.abort())
    const { cookie } = person
    void followLane(
      lane,
      {
        ...{ origin: `http://127.0.0.1:${port}`, stream, pollMs: 50, now: () => Date.now() },
        fetch(url, init = {}) {
          const headers = new Headers(init.headers)
          asked.push({ url, headers })
          return fetch(url, { ...init, headers: { ...Object.fromEntries(headers), cookie } })
        },
        browser: { document: Object.assign(new EventTarget(), { hidden: false }), window: new EventTarget() },
        socket: { transport: NodeWebSocket as typeof WebSocket, extraHeaders: { cookie } },
      },
      (event) => {
        record.hear(event)
        if (event.type === 'open') open = true
        if (event.type === 'line' && event.line.direction === 'down') lines.push(event.line)
      },
      left.signal,
    )
    return { record, lines, asked, isOpen: () => open }
  }
  return { app, line, write, follow }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n)
}
