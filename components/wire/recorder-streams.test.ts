import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gistOf } from './exchange.ts'
import { createRecorder } from './recorder.ts'

const url = '/api/streams/me'
const ready = 'retry: 3000\nevent: ready\nid: k7aa.90\ndata: {"head":"k7aa.90","beatMs":15000}\n\n'
const entry = 'id: k7aa.91\ndata: {"seq":91,"type":"post.liked","at":"","data":{"text":"größer €"}}\n\n'

test('Hands every byte of an event stream on unchanged, wherever it was split', async () => {
  const bytes = new TextEncoder().encode(ready + entry)
  for (let at = 1; at < bytes.length; at += 1) {
    const { recorder, line } = listening()
    const { body } = await recorder.fetch(url)
    line.enqueue(bytes.slice(0, at))
    line.enqueue(bytes.slice(at))
    line.close()
    assert.deepEqual(await new Response(body).bytes(), bytes)
    const { frames, exchanges } = recorder.current()
    assert.deepEqual(
      frames.map(({ kind }) => kind),
      ['ready', 'entry'],
    )
    assert.deepEqual(
      [exchanges[0]?.stream?.bytes, exchanges[0]?.stream?.frames, exchanges[0] && gistOf(exchanges[0])],
      [bytes.length, 2, 'ended'],
    )
  }
})

test('A frame is with its reader, and in the record, while the stream is open', async () => {
  const { recorder, line } = listening()
  const reader = readerOf(await recorder.fetch(url, { headers: { 'Last-Event-ID': 'k7aa.90' } }))
  line.enqueue(new TextEncoder().encode(entry))
  assert.equal(new TextDecoder().decode((await reader.read()).value), entry)
  const { exchanges, frames } = recorder.current()
  assert.deepEqual(exchanges[0]?.sent, [['last-event-id', 'k7aa.90']])
  assert.equal(exchanges[0] && gistOf(exchanges[0]), 'open')
  assert.equal(frames.length, 1)
  await reader.cancel()
})

test('Reads no further than its reader does', async () => {
  let pulled = 0
  const endless = new ReadableStream(
    {
      pull(controller) {
        pulled += 1
        controller.enqueue(new TextEncoder().encode(entry))
      },
    },
    { highWaterMark: 0 },
  )
  const { recorder } = listening(endless)
  const reader = readerOf(await recorder.fetch(url))
  for (let n = 0; n < 3; n += 1) await reader.read()
  assert.equal(pulled, 3)
  await reader.cancel()
})

test('A reader that cancels lets the server know', async () => {
  let reason: unknown
  const { recorder } = listening(
    new ReadableStream({
      cancel(why) {
        reason = why
      },
    }),
  )
  const reader = readerOf(await recorder.fetch(url))
  await reader.cancel('enough')
  assert.equal(reason, 'enough')
  assert.deepEqual(recorder.current().exchanges.map(gistOf), ['let-go'])
})

test('A line that is cut breaks the stream for its reader too', async () => {
  const { recorder, line } = listening()
  const reader = readerOf(await recorder.fetch(url))
  const read = reader.read()
  line.error(new TypeError('network error'))
  await assert.rejects(read, /network error/)
  assert.deepEqual(recorder.current().exchanges.map(gistOf), ['cut'])
})

test('A stream is released by an abort, though nobody reads', async () => {
  const { recorder, line } = listening()
  const leaving = new AbortController()
  const { body } = await recorder.fetch(url, { signal: leaving.signal })
  leaving.abort()
  line.error(leaving.signal.reason)
  await assert.rejects(new Response(body).text())
  assert.deepEqual(recorder.current().exchanges.map(gistOf), ['let-go'])
})

test('The second stream from the same place is a reconnect', async () => {
  const { recorder } = listening(new ReadableStream(), new ReadableStream(), new ReadableStream())
  for (const path of [`${url}?after=now`, url, '/api/streams/feed']) await recorder.fetch(path)
  assert.deepEqual(
    recorder.current().exchanges.map(({ stream }) => stream?.again),
    [false, true, false],
  )
})

test('Keeps the last 400 frames, counts all, and never forgets a stream that is open', async () => {
  const { recorder, line } = listening()
  const reader = readerOf(await recorder.fetch(url))
  for (let n = 0; n < 300; n += 1) {
    line.enqueue(new TextEncoder().encode(entry + entry))
    await reader.read()
    await recorder.fetch('/api/posts')
  }
  const { exchanges, frames } = recorder.current()
  assert.deepEqual([frames.length, frames.at(-1)?.n, exchanges.length], [400, 600, 200])
  assert.equal(exchanges[0]?.stream?.frames, 600)
  await reader.cancel()
})

test("The server's counts of an open stream grow, and stay when it has ended", async () => {
  const { recorder } = listening(new ReadableStream())
  await recorder.fetch(url)
  const count = { requestId: 'r-1', method: 'GET', path: url, status: 200, at: '', durationMs: 1, queries: 0 }
  const received = (bytesOut: number, open?: boolean) => {
    recorder.addCounts([{ ...count, bytesIn: 400, bytesOut, open }])
    return recorder.current().exchanges[0]?.counted?.bytesOut
  }
  assert.deepEqual(
    [received(300, true), received(900, true), received(950), received(1)],
    [300, 900, 950, 950],
  )
})

/** A recorder whose fetches return these streams in turn, then never respond; `line` feeds the first. */
function listening(...bodies: ReadableStream[]) {
  let line: ReadableStreamDefaultController<Uint8Array> | undefined
  const first = new ReadableStream({
    start(controller) {
      line = controller
    },
  })
  const answers = bodies.length > 0 ? bodies : [first]
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Request-Id': 'r-1' }
  const recorder = createRecorder({
    fetch: async () => {
      const body = answers.shift()
      return body ? new Response(body, { headers }) : new Response(null, { status: 204 })
    },
    now: () => Date.UTC(2026, 10, 24),
    ticks: () => 0,
  })
  assert.ok(line)
  return { recorder, line }
}

function readerOf({ body }: Response) {
  assert.ok(body)
  return body.getReader()
}
