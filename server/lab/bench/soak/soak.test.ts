import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { createRandom } from '#server/domain/trading/random.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { nothingMissing } from '#server/lab/drills/arm.ts'
import { soak } from './soak.ts'

const skip = haproxyPath ? false : 'there is no haproxy on this machine'

test('A cluster in which something breaks every few seconds loses nothing, and delivers nothing twice', {
  skip,
}, async (t) => {
  const seed = process.env.TEST_SEED ?? String(randomInt(2 ** 32))
  t.diagnostic(`Drawn with TEST_SEED=${seed}`)
  const soaked = await soak({
    ...{ clients: 40, controls: 10, eventsPerSecond: 10, forMs: 20_000, faultEveryMs: 5_000, warmMs: 0 },
    ...{ random: createRandom(seed).uniform, tell: (line: string) => t.diagnostic(line) },
  })
  assert.ok(soaked.faults.length > 0)
  assert.ok(nothingMissing(soaked.ledger), JSON.stringify(soaked.ledger))
  assert.ok(soaked.lives.length > 5, 'The memory of each process is watched')
})
