import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exchange, StreamEnd } from './exchange.ts'
import type { Frame, FrameKind } from './frame.ts'
import { streamParts } from './plot-parts.ts'

test('A stream is one unbroken line as long as it is open', () => {
  assert.deepEqual(drawn([stream(0)], 40), ['sse 0-40'])
  assert.deepEqual(drawn([stream(0, 'let-go', 30)], 40), ['sse 0-30'])
})

test('An outage reaches from the cut to the next attempt, and on when that one fails too', () => {
  const refused: Exchange = {
    ...request(34),
    outcome: { state: 'answered', status: 503, statusText: '', headers: [], text: '', tookMs: 1 },
  }
  const exchanges = [stream(0, 'cut', 30), refused, stream(38)]
  assert.deepEqual(drawn(exchanges, 40), ['sse 0-30', 'outage 30-34', 'outage 34-38', 'sse 38-40'])
  const { marks } = streamParts(exchanges, [], at(40))
  assert.deepEqual(
    marks.map(({ gist }) => gist),
    ['cut', 'refused'],
  )
})

test('What is polled meanwhile is drawn as the held requests that it is', () => {
  const held: Exchange = { ...request(32), listens: false, waitSeconds: 25 }
  assert.deepEqual(drawn([stream(0, 'let-go', 30), held], 40), ['long 32-40', 'sse 0-30'])
})

test('An entry is news, a beat a tick, anything else a hollow mark; another stream’s frames are not here', () => {
  const kinds: FrameKind[] = ['ready', 'entry', 'beat']
  const frames = [0, 9].flatMap((exchangeId) =>
    kinds.map((kind, n): Frame => ({ n, exchangeId, atMs: at(n), kind, lines: [], bytes: 0 })),
  )
  const { marks } = streamParts([stream(0)], frames, at(40))
  assert.deepEqual(
    marks.map(({ gist }) => gist),
    ['same', 'news', 'beat'],
  )
})

const at = (seconds: number) => Date.UTC(2026, 10, 24, 9) + seconds * 1_000

function request(seconds: number): Exchange {
  return {
    id: seconds,
    method: 'GET',
    path: '/api/streams/me',
    startedAtMs: at(seconds),
    startedTicks: 0,
    waitSeconds: 0,
    listens: true,
    sent: [],
    outcome: { state: 'open' },
  }
}

function stream(seconds: number, by?: StreamEnd, endSeconds = 0): Exchange {
  const closed = by && { by, atMs: at(endSeconds) }
  return {
    ...request(seconds),
    stream: { again: false, openedAtMs: at(seconds), frames: 0, bytes: 0, closed },
  }
}

function drawn(exchanges: Exchange[], nowSeconds: number): string[] {
  const second = (ms: number) => (ms - at(0)) / 1_000
  return streamParts(exchanges, [], at(nowSeconds)).stretches.map(
    ({ kind, fromMs, toMs }) => `${kind} ${second(fromMs)}-${second(toMs)}`,
  )
}
