import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { StreamBye, StreamReady, StreamReset, WirePage } from '#server/protocol/streams.ts'
import { eventStream, type Frame } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'

const beatMs = 300
const timeout = 20_000
const app = await fileApp({ HEARTBEAT_MS: String(beatMs) })

/** Texts that would end a line, field or event if they reached the wire unencoded. */
const awkward = {
  'a carriage return': 'one\rtwo',
  'a line feed': 'one\ntwo',
  'both, twice': 'one\r\n\r\ntwo',
  'the separators of lines and paragraphs': 'one\u2028two\u2029three\u0085four',
  'what looks like another event': 'one\n\nevent: bye\nid: k7x2abcd.99\ndata: {"reason":"drain"}\n\n',
  'what looks like a field': 'data: one\rretry: 1\r: a comment',
  NUL: 'one\0two',
  'emoji and a byte order mark': '\uFEFF👩‍👩‍👧 🏳️‍🌈 𝄞\uFEFF',
  'a half of a surrogate pair': 'one\uD83Dtwo',
  'nothing at all': '',
}
const long = { 'sixty thousand characters': `é\n${'x'.repeat(60_000)}` }

test('Each entry comes as one event to a client of the standard, byte-equal to what a poll gives.', {
  timeout,
}, async (t) => {
  const person = await signedInPerson(app)
  const source = follow(person, app.port)
  t.after(() => source.close())
  const texts = Object.values({ ...awkward, ...long })
  await tell(person, texts)
  const events = await eventually(() => source.events.length >= texts.length && source.events)

  const polled = await (await person.get('/api/streams/me')).text()
  assert.ok(polled.startsWith(`{"entries":[${events.map(({ data }) => data).join(',')}],"next":`))
  assert.deepEqual(
    events.map(({ data }) => JSON.parse(data).data.text),
    texts,
  )
  assert.deepEqual(source.strange, [])
})

test('The id of each event is its cursor: a poll after it continues with the next.', {
  timeout,
}, async () => {
  const person = await signedInPerson(app)
  await tell(person, Object.values(awkward))
  const frames = await entriesOf(person, Object.keys(awkward).length)
  for (const [nth, { id }] of frames.entries()) {
    const page = (await (await person.get(`/api/streams/me?after=${id}`)).json()) as WirePage
    assert.deepEqual(
      page.entries.map((entry) => entry.seq),
      frames.slice(nth + 1).map(({ data }) => JSON.parse(data).seq),
    )
  }
})

test('Cut in two at any byte, or into single bytes, the stream says the same.', { timeout }, async () => {
  const person = await signedInPerson(app)
  await tell(person, Object.values(awkward))
  const bytes = await bytesOf(person, Object.keys(awkward).length)
  const whole = parsed([bytes])
  assert.equal(whole.length, 1 + Object.keys(awkward).length)
  for (let at = 1; at < bytes.length; at += 1) {
    assert.deepEqual(parsed([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at byte ${at}`)
  }
  assert.deepEqual(parsed([...bytes].map((byte) => Uint8Array.of(byte))), whole)
})

test('A client of the standard resumes by itself after the line was cut: nothing is lost, nothing repeated.', {
  timeout,
}, async (t) => {
  const person = await signedInPerson(app)
  const line = await tcpProxy({ port: app.port })
  const source = follow(person, line.port)
  t.after(async () => {
    source.close()
    await line.close()
  })
  await tell(person, ['one', 'two'])
  const before = await eventually(() => source.events.length >= 2 && source.events.at(-1))
  line.cut()
  await tell(person, ['three', 'four'])
  await eventually(() => source.asks.length >= 2)
  await tell(person, ['five'])
  await eventually(() => source.events.length >= 5)
  assert.deepEqual(
    source.events.map(({ data }) => JSON.parse(data).seq),
    [1, 2, 3, 4, 5],
  )
  assert.deepEqual(
    source.asks.map(({ lastEventId }) => lastEventId),
    [undefined, before.lastEventId],
  )
})

test('A client of the standard waits as long as the server has told it to, then comes back.', {
  timeout,
}, async (t) => {
  const person = await signedInPerson(app)
  const line = await tcpProxy({ port: app.port })
  const source = follow(person, line.port)
  t.after(async () => {
    source.close()
    await line.close()
  })
  const retryMs = await eventually(() => source.asks[0]?.retryMs)
  line.cut()
  await once(source.target, 'error')
  const brokenAtMs = performance.now()
  const { atMs } = await eventually(() => source.asks[1])
  // By default it would wait three seconds. Timers may fire a millisecond early.
  assert.ok(retryMs < 2_900 && atMs - brokenAtMs < 3_000)
  assert.ok(atMs - brokenAtMs > retryMs - 2, `${atMs - brokenAtMs} ms after retry: ${retryMs}`)
})

test('The named events carry what is documented, and only entries have no name.', { timeout }, async () => {
  const person = await signedInPerson(app)
  const head = await tell(person, ['one'])
  const [epoch] = head.split('.')
  const stream = await eventStream(person, 'me', { lastEventId: `${epoch}.7` })
  const frames: Frame[] = []
  for await (const frame of stream) {
    frames.push(frame)
    if (frames.length === 2) await tell(person, ['two'])
    if (frame.event === 'beat') await person.send('POST', '/api/auth/sign-out', {})
  }
  const beats = frames.filter(({ event }) => event === 'beat')
  const [ready, reset, entry, bye] = frames.filter(({ event }) => event !== 'beat')
  assert.deepEqual(
    [ready?.event, reset?.event, entry?.event, bye?.event],
    ['ready', 'reset', undefined, 'bye'],
  )

  assert.deepEqual(dataOf(ready), { head, beatMs } satisfies StreamReady)
  assert.equal(ready?.id, `${epoch}.7`)
  assert.deepEqual(dataOf(reset), { head, reason: 'beyond-head' } satisfies StreamReset)
  assert.equal(reset?.id, head)
  assert.equal(entry?.id, `${epoch}.2`)
  for (const beat of beats) {
    assert.equal(beat.id, undefined)
    assert.deepEqual(Object.keys(dataOf(beat)), ['at'])
    assert.match(String(dataOf(beat).at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  }
  const { retryMs } = dataOf(bye) as StreamBye
  assert.deepEqual(dataOf(bye), { reason: 'session-ended', retryMs })
  assert.equal(typeof retryMs, 'number')
})

test('A node that drains says bye, and when to come back, before it ends the stream.', {
  timeout,
}, async (t) => {
  const drained = await testApp(t)
  const stream = await eventStream(await signedInPerson(drained), 'me')
  const frames: Frame[] = []
  for await (const frame of stream) {
    if (frames.push(frame) === 1) void drained.drain()
  }
  const { reason, retryMs } = dataOf(frames.at(-1)) as StreamBye
  assert.equal(frames.at(-1)?.event, 'bye')
  assert.equal(reason, 'drain')
  assert.ok(Number.isInteger(retryMs) && retryMs >= 0)
})

/** Appends to the person's own stream, as a domain verb does; returns the cursor after it. */
async function tell(person: Person, texts: string[]): Promise<string> {
  const { log } = app.context
  const entries = texts.map((text) => ({ stream: `user:${person.id}`, type: 'test.said', data: { text } }))
  const [position] = await log.transact((tx) => log.append(tx, entries))
  return `${log.epoch()}.${position?.seq}`
}

type Ask = { lastEventId: string | undefined; atMs: number; retryMs?: number }

/** The package `eventsource` on the person's own stream. `strange` collects named events that do not exist. */
function follow(person: Person, port: number) {
  const asks: Ask[] = []
  const events: { data: string; lastEventId: string }[] = []
  const strange: string[] = []
  const target = new EventSource(`http://127.0.0.1:${port}/api/streams/me`, {
    async fetch(url, init) {
      const ask: Ask = { lastEventId: init.headers['Last-Event-ID'], atMs: performance.now() }
      asks.push(ask)
      const answer = await fetch(url, { ...init, headers: { ...init.headers, cookie: person.cookie } })
      const [body, copy] = answer.body?.tee() ?? [null, null]
      if (copy) void noteRetry(copy, ask)
      return { ...theRest(answer), body }
    },
  })
  target.addEventListener('message', ({ data, lastEventId }) => void events.push({ data, lastEventId }))
  for (const name of ['bye', 'reset']) target.addEventListener(name, () => void strange.push(name))
  return { target, asks, events, strange, close: () => target.close() }
}

function theRest({ url, status, redirected, headers }: Response) {
  return { url, status, redirected, headers }
}

async function noteRetry(bytes: ReadableStream<Uint8Array>, ask: Ask): Promise<void> {
  const text = new TextDecoder()
  const parser = createParser({
    onRetry: (ms) => {
      ask.retryMs = ms
    },
  })
  const reader = bytes.getReader()
  for (let isOver = false; ask.retryMs === undefined && !isOver; ) {
    const { done, value } = await reader.read()
    isOver = done
    parser.feed(text.decode(value, { stream: true }))
  }
  await reader.cancel()
}

async function entriesOf(person: Person, count: number): Promise<Frame[]> {
  const stream = await eventStream(person, 'me')
  const entries: Frame[] = []
  for await (const frame of stream) {
    if (frame.event === undefined) entries.push(frame)
    if (entries.length === count) await stream.close()
  }
  return entries
}

/** The body as received, up to and including `count` entries, without beats. */
async function bytesOf(person: Person, count: number): Promise<Buffer> {
  const answer = await person.get('/api/streams/me', { accept: 'text/event-stream' })
  const chunks: Uint8Array[] = []
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk)
    if (parsed(chunks).length > count) break
  }
  return Buffer.concat(chunks)
}

function parsed(chunks: Uint8Array[]): Frame[] {
  const frames: Frame[] = []
  const text = new TextDecoder()
  const parser = createParser({ onEvent: (frame) => void frames.push(frame), onError: assert.fail })
  for (const chunk of chunks) parser.feed(text.decode(chunk, { stream: true }))
  return frames.filter(({ event }) => event !== 'beat')
}

function dataOf(frame: Frame | undefined): Record<string, unknown> {
  return JSON.parse(frame?.data ?? 'null')
}
