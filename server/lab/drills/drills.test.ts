import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import type { Scale } from './drill.ts'
import { drills } from './drills.ts'

/** Fewer clients and shorter faults than on the page, but long enough for the control arm to fail. */
const scales: Record<DrillName, Partial<Scale>> = {
  'cut-everybody': { clients: 3, calmMs: 500, faultMs: 6_000 },
  'freeze-the-line': { clients: 2, calmMs: 500, faultMs: 5_000, beatMs: 1_000 },
  'buffering-proxy': { clients: 2, calmMs: 500, faultMs: 9_000 },
  'stop-reading': { clients: 2, calmMs: 500 },
  'restart-postgres': { clients: 3, calmMs: 500 },
  'restart-the-server': { clients: 3, calmMs: 500, faultMs: 500 },
  'reconnect-herd': { clients: 120, calmMs: 500 },
  'revoke-the-session': { clients: 2, calmMs: 500, faultMs: 2_500 },
  'kill-a-gateway': { clients: 6, calmMs: 500 },
  'restart-the-balancer': { clients: 3, calmMs: 500 },
  'restart-redis': { clients: 3, calmMs: 500, faultMs: 1_500 },
  'kill-the-broker': { clients: 3, calmMs: 500, faultMs: 1_500 },
  'share-a-group': { clients: 2, calmMs: 3_000 },
  'idle-at-the-balancer': { clients: 3, faultMs: 16_000 },
  'roll-the-cluster': { clients: 5, calmMs: 500 },
}

for (const name of drillNames) {
  const { missing } = drills[name]
  const options = { timeout: 220_000, skip: missing ?? false }
  test(`${name}: the control loses, and ours does not`, options, async ({ signal }) => {
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
