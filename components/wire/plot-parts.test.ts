import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exchange, Outcome } from './exchange.ts'
import { plotParts, plotSpanMs } from './plot-parts.ts'

test('Short polls hang on one dotted wire, as far as the next ask is due', () => {
  const { stretches, marks } = plotParts([poll(0, 200), poll(30, 304)], at(40))
  assert.deepEqual(spans(stretches), ['short 0-30', 'short 30-40'])
  assert.deepEqual(
    marks.map(({ kind, gist }) => `${kind} ${gist}`),
    ['short news', 'short same'],
  )
})

test('A held ask is its true segment, open up to now, and nothing is drawn between two of them', () => {
  const held = { ...poll(0, 204, 25_000), waitSeconds: 25 }
  const open = { ...poll(26, 204), waitSeconds: 25, outcome: { state: 'open' } as Outcome }
  assert.deepEqual(spans(plotParts([held, open], at(40)).stretches), ['long 0-25', 'long 26-40'])
})

test('After a final state, and while the tab was hidden, there is no wire', () => {
  const final = { ...poll(100, 200), outcome: { ...poll(100, 200).outcome, headers: [] } as Outcome }
  assert.deepEqual(spans(plotParts([poll(0, 304), final], at(130)).stretches), [])
})

test('An outage reaches from the first ask without answer to the next one', () => {
  const cut: Exchange = { ...poll(30, 0), outcome: { state: 'cut', tookMs: 2 } }
  const { stretches } = plotParts([poll(0, 200), cut, poll(34, 200)], at(35))
  assert.deepEqual(spans(stretches), ['short 0-30', 'outage 30-34', 'short 34-35'])
})

test('The plot reaches back one minute, and further only when there is more to show', () => {
  assert.equal(plotSpanMs([], at(0)), 60_000)
  assert.equal(plotSpanMs([poll(0, 200)], at(59)), 120_000)
  assert.equal(plotSpanMs([poll(0, 200)], at(3_600)), 360_000)
})

const at = (seconds: number) => Date.UTC(2026, 10, 24, 9) + seconds * 1_000

function poll(seconds: number, status: number, tookMs = 0): Exchange {
  return {
    id: seconds,
    method: 'GET',
    path: '/api/loans/1',
    startedAtMs: at(seconds),
    startedTicks: 0,
    waitSeconds: 0,
    listens: false,
    sent: [],
    outcome: {
      state: 'answered',
      status,
      statusText: '',
      headers: [['retry-after', '30']],
      text: '',
      tookMs,
    },
  }
}

function spans(stretches: ReturnType<typeof plotParts>['stretches']): string[] {
  const second = (ms: number) => (ms - at(0)) / 1_000
  return stretches.map(({ kind, fromMs, toMs }) => `${kind} ${second(fromMs)}-${second(toMs)}`)
}
