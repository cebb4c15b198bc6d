import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import type { Scale } from './drill.ts'
import { drills } from './drills.ts'

/** Fewer clients and shorter faults than on the page, and still long enough for the control arm to lose. */
const scales: Record<DrillName, Partial<Scale>> = {
  'cut-everybody': { clients: 3, calmMs: 500, faultMs: 6_000 },
  'freeze-the-line': { clients: 2, calmMs: 500, faultMs: 5_000, beatMs: 1_000 },
  'buffering-proxy': { clients: 2, calmMs: 500, faultMs: 9_000 },
  'stop-reading': { clients: 2, calmMs: 500 },
  'restart-postgres': { clients: 3, calmMs: 500 },
  'restart-the-server': { clients: 3, calmMs: 500, faultMs: 500 },
  'reconnect-herd': { clients: 120, calmMs: 500 },
  'revoke-the-session': { clients: 2, calmMs: 500, faultMs: 2_500 },
}

for (const name of drillNames) {
  test(`${name}: the control loses, and ours does not`, { timeout: 120_000 }, async ({ signal }) => {
    const told: string[] = []
    const { drill, ours, control, summary, timeline } = await drills[name].run({
      tell: ({ what }) => void told.push(what),
      signal,
      scale: scales[name],
    })
    assert.equal(drill, name)
    assert.deepEqual([ours.kept, control.kept], [true, false], summary)
    assert.deepEqual([ours.ledger.lost, ours.ledger.repeated], [0, 0], summary)
    assert.deepEqual(
      told,
      timeline.map(({ what }) => what),
    )
    assert.equal(told[0], 'All clients are connected; writing starts')
  })
}
