import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { logs } from '#server/testing/test-log.ts'
import type { Log, NewEntry } from './log.ts'

const retention = 20

for (const { name, open } of logs) {
  describe(`Appending to the ${name} log`, () => {
    test('L1 numbers concurrent transactions without a hole, one after the other', async (t) => {
      const { log } = await open(t, { retention: 1_000 })
      const writers = Array.from({ length: 30 }, (_, writer) => append(log, note('a', writer)))
      const acknowledged = await Promise.all(writers)
      const stored = acknowledged.map(([position], writer) => `${position?.seq} ${writer}`)
      assert.deepEqual(await seqsAndData(log, 'a'), stored.sort(bySeq))
      assert.deepEqual(await seqs(log, 'a'), upTo(30))
    })

    test('L2 acknowledges where each appended stream stands, and that is where the entry is stored', async (t) => {
      const { log } = await open(t, { retention })
      await append(log, note('a', 1), note('b', 1))
      const positions = await log.transact(async (tx) => [
        await log.append(tx, [note('b', 2), note('c', 1), note('b', 3)]),
        await log.append(tx, [note('a', 2)]),
      ])
      assert.deepEqual(
        positions.map((those) => those.map(({ stream, seq }) => `${stream} ${seq}`).sort()),
        [['b 3', 'c 1'], ['a 2']],
      )
      assert.deepEqual(await seqsAndData(log, 'b'), ['1 1', '2 2', '3 3'])
    })

    test('L1 leaves neither entry nor hole after a rollback, and wakes nobody for it', async (t) => {
      const { log } = await open(t, { retention })
      const woken: string[] = []
      log.onMove((stream, seq) => woken.push(`${stream} ${seq}`))
      await append(log, note('a', 'first'))
      const failed = log.transact(async (tx) => {
        await log.append(tx, [note('a', 'never'), note('b', 'never')])
        throw new Error('The business says no')
      })
      await assert.rejects(failed, /The business says no/)
      await append(log, note('a', 'second'))
      assert.deepEqual(await seqsAndData(log, 'a'), ['1 "first"', '2 "second"'])
      assert.equal((await log.read('b', 0, 10)).head, 0)
      assert.deepEqual(woken.filter((move) => move !== 'a 1').slice(0, 1), ['a 2'])
    })

    test('Shows nothing of a transaction before its commit, and then all of it', async (t) => {
      const { log } = await open(t, { retention })
      await log.transact(async (tx) => {
        await log.append(tx, [note('a', 1), note('b', 1)])
        assert.deepEqual(await seqs(log, 'a'), [])
      })
      assert.deepEqual([await seqs(log, 'a'), await seqs(log, 'b')], [[1], [1]])
    })

    test('L3 takes the data as it is at the append, whatever becomes of the object', async (t) => {
      const { log } = await open(t, { retention })
      const data = { state: 'as appended' }
      await log.transact(async (tx) => {
        await log.append(tx, [{ stream: 'a', type: 'note', data }])
        data.state = 'changed later'
      })
      assert.deepEqual(await seqsAndData(log, 'a'), ['1 {"state":"as appended"}'])
    })

    test('L2 refuses data that JSON cannot say, and nothing of that transaction is written', async (t) => {
      const { log } = await open(t, { retention })
      const circle: { self?: unknown } = {}
      circle.self = circle
      for (const data of [undefined, circle, 1n, () => undefined]) {
        await assert.rejects(append(log, note('a', 'sound'), { stream: 'a', type: 'note', data }), TypeError)
      }
      await append(log, note('a', 'fence'))
      assert.deepEqual(await seqsAndData(log, 'a'), ['1 "fence"'])
    })

    test('Takes an empty append as nothing', async (t) => {
      const { log } = await open(t, { retention })
      assert.deepEqual(await append(log), [])
      assert.equal((await log.read('a', 0, 10)).head, 0)
    })

    test('L5 counts on after it has trimmed', async (t) => {
      const { log, trim } = await open(t, { retention })
      await append(log, ...upTo(25).map((n) => note('a', n)), note('b', 1))
      await trim()
      assert.deepEqual(await append(log, note('a', 26)), [{ stream: 'a', seq: 26 }])
    })
  })
}

function note(stream: string, data: unknown): NewEntry {
  return { stream, type: 'note', data }
}

function append(log: Log, ...entries: NewEntry[]) {
  return log.transact((tx) => log.append(tx, entries))
}

async function seqs(log: Log, stream: string): Promise<number[]> {
  return (await log.read(stream, 0, 1_000)).entries.map((entry) => entry.seq)
}

async function seqsAndData(log: Log, stream: string): Promise<string[]> {
  return (await log.read(stream, 0, 1_000)).entries.map(({ seq, json }) => `${seq} ${dataOf(json)}`)
}

function dataOf(json = ''): string {
  return json.slice(json.indexOf('"data":') + '"data":'.length, -1)
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1)
}

function bySeq(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10)
}
