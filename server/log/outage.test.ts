import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { followed } from '#server/testing/followed.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type LogNode, logOn } from '#server/testing/test-log.ts'
import { LogUnavailable } from './log.ts'

const never = 3_600_000
const staleMs = 300

test('P2 P3 While Postgres is away reads are refused, who waits stays, and is answered when it is back', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const listening = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(listening.close)
  const writer = await logOn(t, url)
  const node = await logOn(t, through(url, line.port), {
    listenUrl: through(url, listening.port),
    checkMs: never,
    staleMs,
  })
  await append(writer)
  const follower = followed(node.feeds, 'a', 'now', t.signal)
  const waiting = follower.next()
  await node.feeds.read('a', 'start')

  for (const each of [line, listening]) {
    each.refuse()
    each.cut()
  }
  await append(writer)
  await eventually(() => !node.log.isFresh())
  await assert.rejects(node.feeds.read('a', 'now'), LogUnavailable)
  assert.equal(node.feeds.headOf('a'), undefined)
  await assert.rejects(append(node))
  assert.equal(await Promise.race([waiting, 'still waiting']), 'still waiting')

  // This process learns of its own write first, before any LISTEN or check, right after a read was refused.
  line.accept()
  await append(node)
  const first = await waiting
  const second = follower.next()
  await append(node)
  assert.deepEqual([seqsIn(first.value), seqsIn((await second).value)].flat(), [2, 3, 4])
})

test('A read that failed is made again for those who wait, until it succeeds', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const writer = await logOn(t, url)
  const node = await logOn(t, through(url, line.port), { listenUrl: url, checkMs: never })
  const waiting = followed(node.feeds, 'a', 'now', t.signal).next()
  await node.feeds.open('a')
  line.refuse()
  line.cut()
  const heard = new Promise<void>((resolve) => node.log.onMove(() => resolve()))
  await append(writer)
  await heard
  line.accept()
  assert.deepEqual(seqsIn((await waiting).value), [1])
})

function through(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href
}

function append({ log }: LogNode) {
  return log.transact((tx) => log.append(tx, [{ stream: 'a', type: 'note', data: null }]))
}

function seqsIn(value: unknown): number[] {
  const batch = value as { entries?: { seq: number }[] }
  return (batch.entries ?? []).map((entry) => entry.seq)
}
