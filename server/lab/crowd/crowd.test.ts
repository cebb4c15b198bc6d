import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deliveryNames, type LaneName } from '#server/protocol/lab.ts'
import { emptyLedger, sumOf } from '#server/protocol/lab-ledger.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import type { Passed } from '#server/testing/counting-line.ts'
import { crowdStage, crowdSize as size } from '#server/testing/crowd-stage.ts'
import { eventually } from '#server/testing/eventually.ts'
import { createCrowd } from './create-crowd.ts'
import type { Crowd } from './crowd.ts'
import { forkCrowd } from './fork-crowd.ts'

for (const lane of deliveryNames) {
  test(`Every client has every entry once, and what it used is what passed on its line, by ${lane}`, async (t) => {
    const { write, crowdOf, line } = await crowdStage(t)
    await write(3)
    const crowd = crowdOf(lane)
    await crowd.open()
    assert.equal((await of(crowd, lane)).connected, size)
    await write(320)
    await write(1)
    await isCounted(crowd, lane, line.passed)
    const figures = (await crowd.finish(10_000)).lanes[lane]
    const all = size * 324
    assert.deepEqual(figures?.ledger, { ...emptyLedger(), expected: all, received: all })
    assert.equal(figures?.latency.count, size * 321, 'what was there before is backlog')
    assert.ok((figures?.latency.p50Ms ?? 0) > 0 && (figures?.latency.maxMs ?? 0) < 10_000)
    assert.deepEqual([figures?.reconnects, figures?.refused, figures?.connected], [0, 0, 0])
  })

  test(`Nothing is lost over a line that is cut, by ${lane}`, async (t) => {
    const { write, crowdOf, line } = await crowdStage(t)
    const crowd = crowdOf(lane)
    await crowd.open()
    for (const count of [1, 7]) {
      line.cut()
      await write(count)
    }
    const figures = (await crowd.finish(20_000)).lanes[lane]
    assert.deepEqual(figures?.ledger, { ...emptyLedger(), expected: size * 8, received: size * 8 })
    assert.ok((figures?.reconnects ?? 0) >= size)
  })
}

test('The naive client loses what was said while its line was cut; an arm for comparison', async (t) => {
  const { write, crowdOf, line } = await crowdStage(t)
  const crowd = crowdOf('control')
  await crowd.open()
  await write(2)
  await eventually(async () => (await of(crowd, 'control')).ledger.received === size * 2)
  line.cut()
  await eventually(async () => (await of(crowd, 'control')).connected === 0)
  await write(5)
  await eventually(async () => (await of(crowd, 'control')).connected === size)
  await write(1)
  const figures = (await crowd.finish(20_000)).lanes.control
  assert.deepEqual(figures?.ledger, {
    ...emptyLedger(),
    ...{ expected: size * 8, received: size * 3, lost: size * 5 },
  })
})

test('A crowd in a process of its own tells the same, and ends when it is closed', async (t) => {
  const { write, order, commits } = await crowdStage(t)
  const crowd = await forkCrowd(order(...deliveryNames))
  await crowd.open()
  await write(5)
  crowd.committed(await commits())
  const { lanes, cpuMs } = await crowd.finish(10_000)
  const all = { ...emptyLedger(), expected: size * 5, received: size * 5 }
  for (const lane of deliveryNames) assert.deepEqual(lanes[lane]?.ledger, all, lane)
  assert.ok(cpuMs > 0)
  await crowd.close()
  await assert.rejects(crowd.figures())
})

test('To open is refused when the clients are', async (t) => {
  const { order } = await crowdStage(t)
  const crowd = createCrowd({ ...order('sse'), cookie: 'nobody=1' })
  await assert.rejects(crowd.open(), /401/)
  await crowd.close()
})

test('An entry on its way is told as such, and late in the end', async (t) => {
  const { crowdOf } = await crowdStage(t)
  const crowd = crowdOf('long')
  await crowd.open()
  crowd.committed([{ seq: 1, atMs: Date.now(), sum: sumOf('0') }])
  assert.equal((await of(crowd, 'long')).ledger.onTheWay, size)
  const { ledger } = (await crowd.finish(1)).lanes.long ?? assert.fail()
  assert.deepEqual(ledger, { ...emptyLedger(), expected: size, late: size })
})

async function of(crowd: Crowd, lane: LaneName): Promise<CrowdFigures> {
  return (await crowd.figures()).lanes[lane] ?? assert.fail(`No figures of ${lane}`)
}

/** Waits until everybody has everything, and the crowd's counts equal the proxy's. */
async function isCounted(crowd: Crowd, lane: LaneName, passed: Passed) {
  await eventually(async () => {
    const { ledger, bytesUp, bytesDown, requests } = await of(crowd, lane)
    if (ledger.onTheWay > 0) return false
    return bytesUp === passed.bytesUp && bytesDown === passed.bytesDown && requests === passed.requests
  })
}
