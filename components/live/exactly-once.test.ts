import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventStream } from './clients/event-stream.ts'
import { readFrames } from './clients/read-frames.ts'
import { keepConnected } from './keep-connected.ts'
import { watchPage } from './liveness.ts'
import type { Fetch } from './request.ts'
import { fakeClock, seeded } from './testing/fake-clock.ts'
import { fakeStreamServer, type Line } from './testing/fake-stream-server.ts'
import { followedStream } from './testing/followed-stream.ts'

const lines: Line[] = [
  'clear',
  'clear',
  'clear',
  'holds-all',
  { holdsMs: 8_000 },
  'holds-the-rest',
  'dead',
  'cut',
]

for (let seed = 1; seed <= 12; seed += 1) {
  test(`Whatever the line does, each entry comes once and in order (seed ${seed})`, async () => {
    const random = seeded(seed)
    const page = followedStream({ random })
    const modes = new Set<string>()
    for (let round = 0; round < 120; round += 1) {
      const roll = random()
      if (roll < 0.3) page.server.state.line = lines[Math.floor(random() * lines.length)] ?? 'clear'
      else if (roll < 0.4) page.server.cutAll()
      else if (roll < 0.45) page.server.bye({ reason: 'slow', retryMs: 1_000 })
      else if (roll < 0.5) page.activity.interrupt()
      else if (roll < 0.52) await page.clock.sleepThrough(60_000)
      for (let burst = random() * 4; burst > 1; burst -= 1) page.server.append()
      await page.pass(Math.floor(random() * 20_000))
      modes.add(page.view.state)
    }
    page.server.state.line = 'clear'
    page.line('online')
    await page.pass(60_000)
    const all = page.server.entries.map(({ seq }) => seq)
    assert.ok(all.length > 100 && modes.has('live') && modes.has('fallback') && modes.has('offline'))
    assert.deepEqual(page.seqs(), all)
    assert.equal(page.view.state, 'live')
    page.leave()
    await page.finished
    assert.equal(page.clock.asleep, 0)
  })
}

test('Cut after every single byte, the stream goes on without repeat or hole', async () => {
  const clock = fakeClock()
  const server = fakeStreamServer(clock)
  const cutAfter = 700
  let cuts = 0
  const fetch: Fetch = async (url, init) => {
    const response = await server.fetch(url, init)
    if (!response.body || cuts > cutAfter) return response
    cuts += 1
    return new Response(cutAt(cuts, response.body), response)
  }
  const leaving = new AbortController()
  const seqs: number[] = []
  const activity = watchPage(
    { document: Object.assign(new EventTarget(), { hidden: false }), window: new EventTarget() },
    'keep',
  )
  const options = { fetch, clock, activity, random: () => 0, signal: leaving.signal }
  const follow = async () => {
    for await (const step of keepConnected(eventStream, { name: 'me', after: 'k7aa.0' }, options)) {
      if (step.type === 'entries') seqs.push(...step.entries.map(({ seq }) => seq))
    }
  }
  void follow()
  while (cuts <= cutAfter) {
    server.append('note', { text: 'ü \u2028 \n\nevent: x' })
    server.append()
    await clock.pass(0)
  }
  await clock.pass(1_000)
  assert.deepEqual(
    seqs,
    server.entries.map(({ seq }) => seq),
  )
  leaving.abort()
})

test('Split at every byte, also inside of a character, the frames are the same', async () => {
  const entry = {
    seq: 8,
    type: 'note',
    at: '2026-11-24T09:00:00.000Z',
    data: { text: 'ü \u2028 \n\nevent: x\r\n' },
  }
  const bytes = new TextEncoder().encode(
    `retry: 500\n\nevent: ready\nid: k7aa.7\ndata: {"head":"k7aa.8","beatMs":15000}\n\n` +
      `id: k7aa.8\r\ndata: ${JSON.stringify(entry)}\r\n\r\n: comment\n\nevent: later\ndata: 1\n\n`,
  )
  for (let at = 0; at <= bytes.length; at += 1) {
    const body = bodyOf(bytes.slice(0, at), bytes.slice(at))
    const frames = []
    for await (const some of readFrames(body, new AbortController().signal)) frames.push(...some)
    assert.deepEqual(frames, [
      { type: 'ready', cursor: 'k7aa.7', head: 'k7aa.8', beatMs: 15_000 },
      { type: 'entries', entries: [entry], cursor: 'k7aa.8' },
    ])
  }
})

/** The same body, which fails like a cut connection once `bytes` of it have been read. */
function cutAt(bytes: number, body: ReadableStream<Uint8Array>) {
  const reader = body.getReader()
  let left = bytes
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (left <= 0) return controller.error(new TypeError('network error'))
        const { done, value } = await reader.read()
        if (done) return controller.close()
        controller.enqueue(value.slice(0, left))
        left -= value.length
      },
    },
    { highWaterMark: 0 },
  )
}

function bodyOf(...chunks: Uint8Array[]) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}
