import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchBusyShare } from './busy-share.ts'

test('A thread that was busy throughout is busy for the whole of the time, not for a hair more', (t) => {
  const turns: (() => void)[] = []
  const scheduler = {
    async postTask(turn: () => void) {
      turns.push(turn)
    },
  }
  Object.assign(globalThis, { window: { scheduler }, scheduler })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  // Picks a start for which, rounded, (begun + 40) - begun is more than 40.
  let nowMs = 5_000.1
  while (nowMs + 40 - nowMs <= 40) nowMs += 0.1
  t.mock.method(performance, 'now', () => nowMs)

  const busy = watchBusyShare()
  assert.equal(busy.share(), null)
  t.mock.timers.tick(800)
  nowMs += 60
  turns.shift()?.()
  assert.equal(busy.share(), 1)
  busy.stop()
})
