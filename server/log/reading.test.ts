import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readableLogs } from '#server/testing/test-log.ts'
import type { NewEntry, ReadableLog } from './log.ts'

const retention = 20

const awkward = {
  'the order of keys': { z: 1, a: { c: 1, b: 2 }, A: 3, '': 4 },
  'numbers at the edge': [2 ** 53, -(2 ** 53), 1e21, 1e-7, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0],
  'text of every script': ['é', 'e\u0301', '日本語', '👩‍🚀', '\u202Eright to left', '\uFEFF'],
  'line separators': 'a\u2028b\u2029c\r\n\t\b\f',
  'NUL, a lone surrogate and controls': '\0 \uD800 \uDC00 \x7F \x1F',
  'what looks like an array literal': ['{}', '{"a,b"}', '\\', '\\"', 'NULL', "';--", '$1'],
  'a value that is no object': null,
  'an empty text': '',
  nesting: upTo(200).reduce<unknown>((inner) => [{ inner }], 'core'),
  'a long text': 'ü'.repeat(40_000),
}

for (const { name, missing, open } of readableLogs) {
  describe(`Reading the ${name} log`, { skip: missing }, () => {
    test('L1 counts the entries of each stream 1, 2, 3 …, in the order in which they were appended', async (t) => {
      const { log, write } = await open(t, { retention })
      await write(note('a', 1))
      await write(note('a', 2), note('b', 1), note('a', 3))
      await write(note('b', 2))
      assert.deepEqual(await seqsAndData(log, 'a'), ['1 1', '2 2', '3 3'])
      assert.deepEqual(await seqsAndData(log, 'b'), ['1 1', '2 2'])
    })

    for (const [what, data] of Object.entries(awkward)) {
      test(`L3 keeps ${what} byte for byte`, async (t) => {
        const { log, write } = await open(t, { retention })
        await write({ stream: 'a', type: 'it"s\u2028\\n', data })
        const { entries } = await log.read('a', 0, 1)
        const [entry] = entries
        assert.equal(dataOf(entry?.json), JSON.stringify(data))
        assert.equal(JSON.parse(entry?.json ?? '').type, 'it"s\u2028\\n')
        assert.match(JSON.parse(entry?.json ?? '').at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      })
    }

    test('Has an empty stream where nobody has written', async (t) => {
      const { log } = await open(t, { retention })
      assert.deepEqual(await log.read('a', 0, 10), { entries: [], head: 0, floor: 0 })
      assert.deepEqual(await log.read('a', Number.MAX_SAFE_INTEGER, 0), { entries: [], head: 0, floor: 0 })
    })

    test('Reads at most so many entries, from the oldest after the seq on, and tells the head', async (t) => {
      const { log, write } = await open(t, { retention })
      await write(...upTo(12).map((n) => note('a', n)))
      const slice = async (after: number, limit: number) => {
        const { entries, head } = await log.read('a', after, limit)
        return [entries.map((entry) => entry.seq), head]
      }
      assert.deepEqual(await slice(0, 5), [[1, 2, 3, 4, 5], 12])
      assert.deepEqual(await slice(10, 5), [[11, 12], 12])
      assert.deepEqual(await slice(12, 5), [[], 12])
      assert.deepEqual(await slice(Number.MAX_SAFE_INTEGER, 0), [[], 12])
    })

    test('Wakes only when what it tells of can be read, and tells of the newest', async (t) => {
      const { log, write } = await open(t, { retention })
      const { promise: checked, resolve, reject } = Promise.withResolvers<void>()
      log.onMove((stream, seq) => {
        if (stream !== 'a' || seq !== 3) return
        seqs(log, 'a').then((read) => (read.at(-1) === 3 ? resolve() : reject(new Error('Woken early'))))
      })
      await write(note('a', 1), note('b', 1), note('a', 2), note('a', 3))
      await checked
    })

    test('L5 keeps the newest entries and says up to where it has trimmed', async (t) => {
      const { log, write, trim } = await open(t, { retention })
      await write(...upTo(25).map((n) => note('a', n)), note('b', 1))
      await trim()
      const { entries, head, floor } = await log.read('a', 0, 100)
      assert.deepEqual({ head, floor }, { head: 25, floor: 5 })
      assert.deepEqual(
        entries.map((entry) => entry.seq),
        upTo(25).slice(5),
      )
      assert.deepEqual(await seqs(log, 'b'), [1])
    })
  })
}

function note(stream: string, data: unknown): NewEntry {
  return { stream, type: 'note', data }
}

async function seqs(log: ReadableLog, stream: string): Promise<number[]> {
  return (await log.read(stream, 0, 1_000)).entries.map((entry) => entry.seq)
}

async function seqsAndData(log: ReadableLog, stream: string): Promise<string[]> {
  return (await log.read(stream, 0, 1_000)).entries.map(({ seq, json }) => `${seq} ${dataOf(json)}`)
}

function dataOf(json = ''): string {
  return json.slice(json.indexOf('"data":') + '"data":'.length, -1)
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1)
}
