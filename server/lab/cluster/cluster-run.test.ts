import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunEvent, WireRun } from '#server/protocol/lab-runs.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { labVisitor, reaches } from '#server/testing/lab-app.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

type ClusterEvent = Extract<RunEvent, { type: 'cluster' }>
type TraceEvent = Extract<RunEvent, { type: 'trace' }>

test('LAB9 LAB11 LAB12 A cluster runs with figures and traces, has a gateway killed, loses nothing, and leaves no process behind.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await appOn(t, url)
  const lab = labVisitor(app.port)
  const answer = await lab.ask('POST', '', { kind: 'cluster' })
  assert.equal(answer.status, 201, await answer.clone().text())
  const { id } = (await answer.json()) as WireRun

  const events = await lab.follow(id, (event) => event.type === 'cluster' && isAtWork(event))
  const { parts } = events.at(-1) as ClusterEvent
  const kinds = new Set(parts.map(({ kind }) => kind))
  for (const kind of ['browsers', 'gateway', 'worker', 'prices', 'postgres'] as const) {
    assert.ok(kinds.has(kind), `a cluster has ${kind}`)
  }
  const pids = parts.flatMap(({ pid }) => pid ?? [])
  assert.ok(pids.length >= 4 && pids.every(isRunning))

  for (const kind of ['entrance', 'between'] as const) {
    if (kind === 'between') {
      assert.equal((await lab.ask('POST', `/${id}/actions`, { action: 'send-message' })).status, 204)
    }
    const traced = await lab.follow(id, (event) => event.type === 'trace' && event.trace.kind === kind)
    const { steps, receivedMs } = (traced.at(-1) as TraceEvent).trace
    const framed = steps.find(({ step }) => step === 'framed')
    const committed = steps.find(({ step }) => step === 'committed')
    assert.ok(framed && committed, `a message is traced: ${JSON.stringify(steps)}`)
    assert.ok(committed.ms > 0 && committed.ms < framed.ms && framed.ms < receivedMs)
    if (kind === 'between') assert.notEqual(committed.at, framed.at)
  }

  const [killed] = parts.filter(({ kind }) => kind === 'gateway').slice(-1)
  assert.ok(killed?.pid)
  assert.equal((await lab.ask('POST', `/${id}/actions`, { action: 'kill-gateway' })).status, 204)
  await lab.follow(id, (event) => event.type === 'incident' && event.incident.what.startsWith(killed.name))
  assert.equal(isRunning(killed.pid), false)

  assert.equal((await lab.ask('POST', `/${id}/stop`)).status, 200)
  await lab.follow(id, reaches('stopped'))
  for (const pid of pids) await eventually(() => !isRunning(pid))
  const { outcome } = await lab.read(id)
  assert.ok(outcome?.kind === 'cluster')
  assert.deepEqual([outcome.report.ledger.lost, outcome.report.ledger.repeated], [0, 0])
  assert.ok(outcome.report.ledger.received > 0 && outcome.report.ledger.reconnects > 0)
})

test('LAB9 Nothing of a cluster outlives a kill -9 of our process.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, { DEMO: 'on' })
  const lab = labVisitor(app.port)
  const { id } = (await (await lab.ask('POST', '', { kind: 'cluster' })).json()) as WireRun
  const events = await lab.follow(id, (event) => event.type === 'cluster')
  const pids = (events.at(-1) as ClusterEvent).parts.flatMap(({ pid }) => pid ?? [])
  assert.ok(pids.length >= 4 && pids.every(isRunning))
  await app.end('SIGKILL')
  for (const pid of pids) await eventually(() => !isRunning(pid))
})

/** Whether events reach all clients, and each node has figures. */
function isAtWork({ parts, ledger }: ClusterEvent): boolean {
  const browsers = parts.find(({ kind }) => kind === 'browsers')
  const nodes = parts.filter(({ kind }) => kind === 'gateway')
  return (
    ledger.received > 0 &&
    browsers?.connections === 12 &&
    nodes.every(({ state, queriesPerSecond }) => state === 'ready' && queriesPerSecond !== null)
  )
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
