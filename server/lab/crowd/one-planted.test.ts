import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { emptyLedger, sumOf } from '#server/protocol/lab-ledger.ts'
import type { Ledger } from '#server/protocol/lab-report.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { type Plant, tamperingProxy } from '#server/testing/tampering-proxy.ts'
import { testApp } from '#server/testing/test-app.ts'
import { createCrowd } from './create-crowd.ts'

const size = 3
const each = 6
const all = { ...emptyLedger(), expected: size * each, received: size * each }

/** What is planted for every client, and exactly what the ledger must then show. */
const plants: [Plant['what'] | 'nothing', Ledger][] = [
  ['nothing', all],
  ['loss', { ...all, received: all.received - size, lost: size }],
  ['repeat', { ...all, repeated: size }],
  ['swap', { ...all, outOfOrder: size }],
]

for (const lane of deliveryNames) {
  for (const [what, ledger] of plants) {
    test(`${what === 'nothing' ? 'Finds nothing where nothing is planted' : `Finds a planted ${what}, and nothing else`}, by ${lane}.`, async (t) => {
      const plant = what === 'nothing' ? undefined : { what, seq: 3 }
      assert.deepEqual(await ledgerOf(t, lane, plant), ledger)
    })
  }
}

/**
 * The ledger of a crowd behind a tampering proxy: four entries arrive at once, so that two can be swapped, then two
 * more.
 */
async function ledgerOf(t: TestContext, lane: DeliveryName, plant: Plant | undefined) {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const stream = `user:${person.id}`
  const proxy = await tamperingProxy(app.port, plant)
  const crowd = createCrowd({
    ...{ stream, cookie: person.cookie },
    lanes: [{ lane, count: size, port: proxy.port, pollMs: 100 }],
  })
  t.after(async () => {
    await crowd.close()
    await proxy.close()
  })
  const { log } = app.context
  const datas = Array.from({ length: each }, (_, number) => ({
    number,
    text: 'ü and "quoted"'.repeat(number * 9),
  }))
  const write = (some: typeof datas) =>
    log.transact((tx) =>
      log.append(
        tx,
        some.map((data) => ({ stream, type: 'note', data })),
      ),
    )

  await crowd.open()
  await write(datas.slice(0, 4))
  await write(datas.slice(4))
  crowd.committed(
    datas.map((data, at) => ({ seq: at + 1, atMs: Date.now(), sum: sumOf(JSON.stringify(data)) })),
  )
  return (await crowd.finish(10_000)).lanes[lane]?.ledger
}
