import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoryMode } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'
import { storyScene } from './story-scene.ts'

const figures = (mode: StoryMode, atMs: number, queriesPerSecond: number): StoryFigures => ({
  ...{ mode, atMs, queriesPerSecond, pollsPerSecond: 2_000 },
  ...{ p50Ms: 1, p99Ms: 2, cpuShare: 0.1 },
})

test('Each figure is a step as wide as its time, under a round top.', () => {
  const scene = storyScene([figures('naive', 1_000, 1_990), figures('shared', 2_000, 0)], {
    seconds: 4,
    pollsPerSecond: 2_000,
  })
  assert.equal(scene.top, 2_000)
  assert.equal(scene.queries, 'M0 0.5H25V100H50')
  assert.equal(scene.polls, 'M0 0H25V0H50')
})

test('Modes are stretches of the run, as often as they are played.', () => {
  const story = (['naive', 'naive', 'shared', 'naive'] as const).map((mode, at) =>
    figures(mode, (at + 1) * 1_000, 1),
  )
  assert.deepEqual(storyScene(story, { seconds: 2, pollsPerSecond: 1 }).spans, [
    { mode: 'naive', from: 0, to: 0.5 },
    { mode: 'shared', from: 0.5, to: 0.75 },
    { mode: 'naive', from: 0.75, to: 1 },
  ])
})

test('Before the first figure there is nothing to draw, and room for all of it.', () => {
  assert.deepEqual(storyScene([], { seconds: 60, pollsPerSecond: 2_001 }), {
    ...{ queries: '', polls: '', spans: [], top: 2_400, seconds: 60 },
  })
})
