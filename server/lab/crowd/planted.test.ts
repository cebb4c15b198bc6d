import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trimLog } from '#server/log/trim.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import { crowdStage, crowdSize as size } from '#server/testing/crowd-stage.ts'
import { eventually } from '#server/testing/eventually.ts'

for (const lane of deliveryNames) {
  test(`Finds a loss, a repeat, a swap and another's words that were planted on the wire, by ${lane}`, async (t) => {
    const { write, crowdOf } = await crowdStage(t, { tamper })
    const crowd = crowdOf(lane)
    await crowd.open()
    await write(9)
    const figures = (await crowd.finish(10_000)).lanes[lane]
    const each = { expected: 9, received: 8, lost: 1, repeated: 1, outOfOrder: 1, altered: 1 }
    const all = Object.entries(each).map(([name, count]) => [name, count * size])
    assert.deepEqual(figures?.ledger, { ...emptyLedger(), ...Object.fromEntries(all) })
  })

  test(`What a reset passes over is declared, by ${lane}`, async (t) => {
    const { app, write, line, crowdOf } = await crowdStage(t)
    const crowd = crowdOf(lane)
    await crowd.open()
    await write(5)
    line.refuse()
    // More than a feed keeps in memory.
    await write(300)
    await trimLog(app.context.database.prisma, 10)
    line.accept()
    await eventually(async () => {
      const { connected, ledger } = (await crowd.figures()).lanes[lane] ?? assert.fail()
      return connected === size && ledger.onTheWay === 0
    })
    await write(2)
    const figures = (await crowd.finish(20_000)).lanes[lane]
    const { received = 0, declared = 0, ...ledger } = figures?.ledger ?? {}
    assert.deepEqual(ledger, { ...nothingElse, expected: size * 307 })
    assert.equal(received + declared, size * 307)
    assert.ok(declared >= size * 300 && received >= size * 2, `${received} received, ${declared} declared`)
  })
}

const { received: _, declared: __, ...nothingElse } = emptyLedger()

const entryPattern = /\{"seq":(\d+),"type":"note","at":"[^"]*","data":\{"number":\d\}\}/g

/** Keeps all lengths: sends 4 before 3, 5 in place of 6, and 8 with other data. */
function tamper(answered: string): string {
  const entries = new Map([...answered.matchAll(entryPattern)].map(([text, seq]) => [seq, text]))
  const instead: Record<string, string | undefined> = {
    3: entries.get('4'),
    4: entries.get('3'),
    6: entries.get('5'),
    8: entries.get('8')?.replace(/\d\}\}$/, '0}}'),
  }
  return answered.replace(entryPattern, (text, seq: string) => instead[seq] ?? text)
}
