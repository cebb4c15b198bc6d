import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { redisPath } from '#server/engines/redis.ts'
import { roleOf } from '#server/lab/testbed/statistics.ts'
import { type StoryMode, storyModes } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'
import type { RunEvent } from '#server/protocol/lab-runs.ts'
import { eventually } from '#server/testing/eventually.ts'
import { playStory } from './play-story.ts'
import { stageStory } from './stage-story.ts'

const pollers = 200
const pollMs = 500

test('Naive, each poll is a query; cached, each poll after a change; Redis and shared, each change is one for all.', {
  timeout: 60_000,
}, async (t) => {
  const stage = await stageStory('exact', pollers, pollMs)
  const asks = new pg.Client({ connectionString: stage.databaseUrl })
  await asks.connect()
  t.after(async () => {
    await asks.end()
    await stage.close()
  })

  /** Counts reads of entries by statement text: a gateway's other statements are its own. */
  async function readsBy(role: string): Promise<number> {
    const { rows } = await asks.query<{ calls: string | null }>(
      `SELECT sum(calls) AS calls FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
       WHERE rolname = $1 AND query LIKE '%FROM log_entry%' AND query LIKE '%seq >%'`,
      [role],
    )
    return Number(rows[0]?.calls ?? 0)
  }
  /** Waits for `count` rounds of polls, and returns the counts. */
  async function rounds(mode: StoryMode, count: number, changes = 0) {
    const before = await stage.read(mode)
    const readsBefore = await readsBy(roleOf('short'))
    stage.play(mode)
    for (let change = 0; change < changes; change += 1) await stage.change()
    await eventually(async () => (await stage.read(mode)).polls - before.polls >= count * pollers)
    await stage.rest()
    const now = await stage.read(mode)
    return {
      polls: now.polls - before.polls,
      queries: now.queries - before.queries,
      reads: (await readsBy(roleOf('short'))) - readsBefore,
      commands: (now.redisCommands ?? 0) - (before.redisCommands ?? 0),
    }
  }

  const naive = await rounds('naive', 3)
  assert.equal(naive.queries, naive.polls)

  const still = await rounds('cached', 3)
  assert.equal(still.queries, 0)
  const cached = await rounds('cached', 3, 1)
  assert.equal(cached.queries, pollers)

  if (stage.modes.includes('redis')) {
    await rounds('redis', 1)
    const idle = await rounds('redis', 3)
    assert.equal(idle.queries, 0)
    assert.ok(idle.commands >= idle.polls, `${idle.commands} commands for ${idle.polls} polls`)
    const { queries } = await rounds('redis', 3, 1)
    // Polls that come before the first response is in Redis read Postgres too.
    assert.ok(queries >= 1 && queries < pollers / 10, `${queries} queries of one change`)
  } else t.diagnostic('Without redis-server the Redis mode is not played')

  await rounds('shared', 1)
  assert.equal((await rounds('shared', 3)).reads, 0)
  const shared = await rounds('shared', 3, 4)
  assert.ok(shared.polls >= 3 * pollers)
  assert.ok(shared.reads >= 1 && shared.reads <= 4, `${shared.reads} reads of 4 changes`)
})

test('Tells the figures each second, goes to the mode that is asked for, and ends when each was played.', {
  timeout: 60_000,
}, async () => {
  const told: StoryFigures[] = []
  const listeners: ((mode: StoryMode) => void)[] = []
  const tell = (event: RunEvent) => {
    if (event.type !== 'story') return
    told.push(event.figures)
    if (told.length === 1) for (const listen of listeners) listen('shared')
  }
  const order = { kind: 'story', pollers, pollMs, secondsEach: 3 } as const
  const report = await playStory(order, {
    ...{ runId: 'told', tell },
    modes: { onMode: (listener) => void listeners.push(listener) },
    signal: new AbortController().signal,
  })

  const played = told.map(({ mode }) => mode).filter((mode, at, all) => mode !== all[at - 1])
  const all = storyModes.filter((mode) => mode !== 'redis' || redisPath !== undefined)
  assert.deepEqual(played, ['naive', 'shared', 'naive', ...all.slice(1, -1)])
  assert.deepEqual(Object.keys(report.modes).sort(), all.toSorted())
  const { naive, cached, redis, shared } = report.modes
  const rate = (pollers * 1_000) / pollMs
  // A busy machine answers fewer polls, so queries are compared with the polls answered.
  assert.ok(naive.pollsPerSecond <= rate * 1.05)
  assert.ok(Math.abs(naive.queriesPerSecond / naive.pollsPerSecond - 1) < 0.05)
  assert.ok(cached.queriesPerSecond > 0 && cached.queriesPerSecond < naive.queriesPerSecond)
  assert.ok(shared.queriesPerSecond < 10)
  if (redis) {
    assert.ok(redis.queriesPerSecond < 10)
    assert.ok((redis.redisPerSecond ?? 0) >= redis.pollsPerSecond)
  }
  assert.ok(shared.p99Ms !== null && naive.p99Ms !== null && naive.cpuShare > 0)
})

test('Stopped, it throws, and leaves nothing running.', { timeout: 60_000 }, async () => {
  const stopping = new AbortController()
  const playing = playStory(
    { kind: 'story', pollers: 10, pollMs, secondsEach: 60 },
    {
      runId: 'stopped',
      tell: (event) => event.type === 'story' && stopping.abort(),
      signal: stopping.signal,
      modes: { onMode: () => undefined },
    },
  )
  await assert.rejects(playing, { name: 'AbortError' })
})
