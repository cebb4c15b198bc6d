import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '#server/testing/eventually.ts'
import { followed } from '#server/testing/followed.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn, logs } from '#server/testing/test-log.ts'
import { createFeeds, type Feeds } from './feeds.ts'
import type { Cursor, Log } from './log.ts'

const resumes = 400
const resumesPerSecond = 100
const writesPerSecond = 200
const beyondHead = 20

/** Follows from a cursor until `until`, and returns what was wrong with the result. */
type Resume = (after: Cursor, until: number, signal: AbortSignal) => Promise<string>

for (const { name, open } of logs) {
  test(`The seam: ${resumes} resumes amid ${writesPerSecond} writes a second are exact (${name} log)`, async (t) => {
    const { log } = await open(t, { retention: 10_000 })
    const feeds = createFeeds(log)
    t.after(feeds.close)
    const outcomes = await resumeAmidWrites(log, following(feeds), t)
    assert.deepEqual([...new Set(outcomes)], ['exact'])
    assert.equal(outcomes.length, resumes)
  })
}

test('Control: who reads first and listens second loses entries at the seam', async (t) => {
  const { url } = await testDatabase(t)
  const { log } = await logOn(t, url)
  const outcomes = await resumeAmidWrites(log, readingThenListening(log), t)
  assert.ok(outcomes.filter((outcome) => outcome !== 'exact').length > 0)
})

/** Resumes from random cursors at a steady rate, each beyond the head at that moment, while entries are written. */
async function resumeAmidWrites(log: Log, resume: Resume, t: TestContext): Promise<string[]> {
  const random = seededRandom(t)
  const enough = new AbortController()
  const writing = write(log, enough.signal)
  const runs: Promise<string>[] = []
  for await (const _ of steadily(resumesPerSecond)) {
    const { head } = await log.read('busy', Number.MAX_SAFE_INTEGER, 0)
    const seq = Math.floor(random() * (head + 1))
    runs.push(resume({ epoch: log.epoch(), seq }, head + beyondHead, t.signal))
    if (runs.length === resumes) break
  }
  const outcomes = await Promise.all(runs)
  enough.abort()
  await writing
  return outcomes
}

function following(feeds: Feeds): Resume {
  return async (after, until, signal) => {
    let { seq } = after
    for await (const batch of followed(feeds, 'busy', after, signal)) {
      if (batch.type === 'reset') return `reset: ${batch.reason}`
      for (const entry of batch.entries) {
        if (entry.seq !== seq + 1) return `${entry.seq} after ${seq}`
        seq = entry.seq
      }
      if (seq >= until) return 'exact'
    }
    return 'ended early'
  }
}

function readingThenListening(log: Log): Resume {
  return async (after, until) => {
    const { entries } = await log.read('busy', after.seq, 10_000)
    let seq = entries.at(-1)?.seq ?? after.seq
    // On a fast machine the seam is too narrow to hit by chance, so this waits until something is written within it.
    await eventually(async () => (await log.read('busy', seq, 1)).entries.length > 0)
    return new Promise((resolve) => {
      log.onMove((_, moved) => {
        if (moved > seq + 1) resolve(`${moved} after ${seq}`)
        seq = Math.max(seq, moved)
        if (seq >= until) resolve('exact')
      })
    })
  }
}

/** Appends steadily, with as many transactions at once as the pool allows, until `enough`. */
async function write(log: Log, enough: AbortSignal): Promise<void> {
  const pending = new Set<Promise<unknown>>()
  for await (const n of steadily(writesPerSecond)) {
    if (enough.aborted) break
    if (pending.size >= 10) await Promise.race(pending)
    const one = log.transact((tx) => log.append(tx, [{ stream: 'busy', type: 'note', data: n }]))
    const settled = one.finally(() => pending.delete(settled))
    pending.add(settled)
  }
  await Promise.all(pending)
}

/** Yields 0, 1, 2 … at `perSecond`, and catches up when it is late. */
async function* steadily(perSecond: number): AsyncGenerator<number> {
  const began = performance.now()
  for (let n = 0; ; n += 1) {
    const early = began + (n * 1_000) / perSecond - performance.now()
    if (early > 0) await pause(early)
    yield n
  }
}
