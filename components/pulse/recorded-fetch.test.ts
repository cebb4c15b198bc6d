import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf } from './figures.ts'
import { recordedFetch } from './recorded-fetch.ts'
import { noTrace, traceAfter } from './trace.ts'

const text =
  'retry: 3000\nevent: ready\nid: k7aa.90\ndata: {"head":"k7aa.90","beatMs":15000}\n\n' +
  'id: k7aa.91\ndata: {"seq":91,"type":"pulse","at":"2026-11-24T10:42:31.000Z","data":{}}\n\n' +
  'event: beat\ndata: {"at":"2026-11-24T10:42:31.000Z"}\n\n'

test('tells of a stream’s entries, beats and bytes, and lets the stream itself pass', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => {
    return new Response(text, { headers: { 'Content-Type': 'text/event-stream' } })
  })
  let trace = noTrace
  const fetch = recordedFetch('sse', {
    trace(event) {
      trace = traceAfter(trace, event)
    },
    clock: () => undefined,
  })
  const response = await fetch('/api/streams/pulse?after=now', { headers: { Accept: 'text/event-stream' } })
  assert.equal(await response.text(), text)
  const [ask] = trace.asks.sse
  assert.equal(ask?.outcome, 'ended')
  assert.deepEqual(
    ask?.arrivals.map(({ bytes, seqs, beat }) => ({ bytes, seqs, beat })),
    [{ bytes: text.length, seqs: [91], beat: true }],
  )
  assert.equal(trace.happenings[0]?.at, '2026-11-24T10:42:31.000Z')
  assert.equal(figuresOf(trace, 'sse', Date.now(), 0).receivedBytes, text.length)
})
