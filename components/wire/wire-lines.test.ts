import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRecorder } from './recorder.ts'
import { totalsOf } from './totals.ts'
import { groupsOf, requests, wireLines } from './wire-lines.ts'

const entry = 'id: k7aa.91\ndata: {"seq":91,"type":"post.liked","at":"","data":{}}\n\n'

test('A stream’s frames stand between the request and its end, newest first, even within one ms', async () => {
  const recorder = await recorded()
  assert.deepEqual(
    wireLines(recorder.current(), 'me').map(({ key }) => key.split(' ')[0]),
    ['end', 'frame', 'frame', 'request'],
  )
})

test('A page with several wires lists one of them, the other requests, or all', async () => {
  const recording = (await recorded()).current()
  assert.deepEqual(groupsOf(recording.exchanges), ['loan:1', 'me', requests])
  assert.deepEqual(
    ['me', 'loan:1', requests, undefined].map((group) => wireLines(recording, group).length),
    [4, 1, 1, 6],
  )
})

test('A stream is a connection with frames and bytes, and no answer to a poll', async () => {
  const { exchanges } = (await recorded()).current()
  const { answers, connections, reconnects, frames, streamBytes } = totalsOf(exchanges)
  assert.deepEqual([answers, connections, reconnects, frames, streamBytes], [2, 1, 0, 2, entry.length * 2])
})

/** A stream that delivered two entries and ended, a poll of another one, and a request, all at the same instant. */
async function recorded() {
  const recorder = createRecorder({
    fetch: async (path) =>
      path.includes('me')
        ? new Response(entry + entry, { headers: { 'Content-Type': 'text/event-stream' } })
        : Response.json({}),
    now: () => Date.UTC(2026, 10, 24),
    ticks: () => 0,
  })
  await recorder.fetch('/api/posts')
  const { body } = await recorder.fetch('/api/streams/me?after=k7aa.90', {
    headers: { Accept: 'text/event-stream' },
  })
  await recorder.fetch('/api/streams/loan%3A1?after=now')
  await new Response(body).text()
  return recorder
}
