import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DrillArm, DrillName, DrillReport } from '#server/protocol/lab.ts'
import type { Scale } from './drill.ts'
import { drills } from './drills.ts'

type Case = {
  drill: DrillName
  scale: Partial<Scale>
  /** What shows that something was broken, and what the control arm came to by it. */
  proves(report: DrillReport): void
}

const finding = ({ findings }: DrillArm, name: string) =>
  findings.find((one) => one.name === name)?.value ?? assert.fail(`There is no finding "${name}"`)
const figure = (arm: DrillArm, name: string) => Number.parseFloat(finding(arm, name).replaceAll(',', ''))
const small = { clients: 2, eventsPerSecond: 20 }

const cases: Case[] = [
  {
    drill: 'cut-everybody',
    scale: { ...small, faultMs: 1_500 },
    proves({ ours, control }) {
      assert.ok(figure(ours, 'Reconnects') >= 6, 'each that holds a connection has come back')
      assert.ok(figure(control, 'Reconnects') >= 2)
      assert.ok(control.ledger.lost > 0)
    },
  },
  {
    drill: 'freeze-the-line',
    scale: { ...small, faultMs: 3_000, beatMs: 500 },
    proves({ ours, control }) {
      assert.ok(figure(ours, 'Reconnects') >= 4, 'streams and sockets have taken the silent line for dead')
      assert.ok(control.ledger.lost > 0)
    },
  },
  {
    drill: 'buffering-proxy',
    scale: { ...small, faultMs: 10_000 },
    proves({ ours, control }) {
      assert.equal(finding(ours, 'Fell back to long polling'), '2 of 2')
      assert.equal(control.backAtHeadMs, null)
      assert.ok(control.ledger.lost > 200)
    },
  },
  {
    drill: 'stop-reading',
    scale: { clients: 2, eventsPerSecond: 5 },
    proves({ ours, control }) {
      assert.ok(figure(ours, 'Cut as slow') >= 2)
      assert.ok(figure(control, 'Queued') > 10, 'MB, for clients that do not read')
      assert.equal(control.ledger.lost, 0)
    },
  },
  {
    drill: 'restart-postgres',
    scale: small,
    proves({ ours, control }) {
      assert.ok(finding(ours, 'Postgres was away').endsWith(' s'))
      assert.equal(figure(control, 'Connections lost'), 0, 'what is lost is not lost by the line')
      assert.ok(control.ledger.lost > 0)
    },
  },
  {
    drill: 'restart-the-server',
    scale: { ...small, faultMs: 500 },
    proves({ ours, control }) {
      const [before, after] = finding(ours, 'Process').split(', then ')
      assert.notEqual(before, after)
      assert.ok(control.ledger.lost > 0)
    },
  },
  {
    drill: 'reconnect-herd',
    scale: { clients: 100, eventsPerSecond: 5 },
    proves({ ours, control }) {
      assert.ok(figure(ours, 'Most connects in 100 ms') <= 25)
      assert.ok(figure(control, 'Most connects in 100 ms') >= 60)
    },
  },
  {
    drill: 'revoke-the-session',
    scale: { ...small, faultMs: 3_000 },
    proves({ ours, control }) {
      assert.equal(figure(ours, 'Shown after the sign-out'), 0)
      assert.ok(figure(control, 'Shown after the sign-out') > 0)
    },
  },
]

/** Whose measure a busy neighbour in the same process would spoil. */
const alone: DrillName[] = ['reconnect-herd']

for (const [concurrency, group] of [
  [1, cases.filter(({ drill }) => alone.includes(drill))],
  [3, cases.filter(({ drill }) => !alone.includes(drill))],
] as const) {
  describe('Drills', { concurrency }, () => runAll(group))
}

function runAll(group: readonly Case[]) {
  for (const { drill, scale, proves } of group) {
    test(`${drill}: ours keeps what it promises, and the control does not.`, async () => {
      const told: string[] = []
      const report = await drills[drill].run({
        tell: ({ what }) => told.push(what),
        signal: new AbortController().signal,
        scale,
      })
      const seen = JSON.stringify(report, null, 2)
      assert.equal(report.drill, drill)
      assert.ok(report.ours.kept, seen)
      assert.ok(!report.control.kept, seen)
      assert.deepEqual([report.ours.ledger.lost, report.ours.ledger.repeated], [0, 0])
      assert.ok(report.control.ledger.expected > 0)
      proves(report)
      assert.equal(report.summary.match(/[.](?=\s|$)/g)?.length, 2, report.summary)
      const { timeline } = report
      assert.deepEqual(
        timeline.map(({ what }) => what),
        told,
      )
      assert.deepEqual(
        timeline.map(({ atMs }) => atMs),
        timeline.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
      )
      const [fault] = timeline.filter(({ untilMs }) => untilMs !== undefined)
      assert.ok(fault && (fault.untilMs ?? 0) > fault.atMs)
    })
  }
}

test('A drill that is stopped rejects, and leaves nothing behind.', async () => {
  const stopping = new AbortController()
  const running = drills['cut-everybody'].run({
    tell: () => stopping.abort(new Error('Stopped')),
    signal: stopping.signal,
    scale: { clients: 1 },
  })
  await assert.rejects(running, /Stopped/)
})
