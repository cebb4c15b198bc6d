import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { bufferingProxy, type Holding } from '#server/lab/network/buffering-proxy.ts'
import type { StreamBeat, WirePage } from '#server/protocol/streams.ts'
import { type EventStream, eventStream, type Frame } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Directives, nginx, nginxPath } from '#server/testing/nginx.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp, type TestApp, testApp } from '#server/testing/test-app.ts'

const beatMs = 2_000
const idleMs = 5_000
const soonMs = 1_000
const timeout = 20_000
const app = await fileApp({ HEARTBEAT_MS: String(beatMs) })
const skip = nginxPath ? false : 'there is no nginx on this machine (Debian: nginx-light)'

const keptAlive = 'proxy_http_version 1.1; proxy_set_header Connection "";'
const zipped = 'gzip on; gzip_types *; gzip_min_length 1; gzip_proxied any;'
const ways: Record<string, Directives> = {
  'as it comes, by HTTP/1.0': {},
  'buffering on': { server: 'proxy_buffering on;' },
  'buffering off': { server: 'proxy_buffering off;' },
  'buffering on, gzip on': { server: `proxy_buffering on; ${zipped}` },
  'buffering off, gzip on': { server: `proxy_buffering off; ${zipped}` },
  'HTTP/1.1, lines kept alive': { server: keptAlive, upstream: 'keepalive 4;' },
  'HTTP/1.1, buffering and gzip on': { server: `${keptAlive} proxy_buffering on; ${zipped}` },
}

for (const [name, directives] of Object.entries(ways)) {
  test(`Through nginx, ${name}: each entry is there within a second of its append.`, {
    skip,
    timeout,
  }, async (t) => {
    const port = await nginx(t, app.port, directives)
    const { person, frames } = await follow(app, port)
    for (const text of ['one', 'two', 'three']) {
      const saidAtMs = performance.now()
      await say(app, person, text)
      const entry = await frames.entry()
      assert.equal(JSON.parse(entry.data).data.text, text)
      assert.ok(performance.now() - saidAtMs < soonMs)
    }
    await frames.close()
  })
}

test('nginx that is told not to heed the header buffers: that the others do not is the header’s doing.', {
  skip,
  timeout,
}, async (t) => {
  const server = 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;'
  const port = await nginx(t, app.port, { server })
  await holds(t, port)
})

test('Through nginx with an idle timeout of five seconds the beats keep a quiet stream open.', {
  skip,
  timeout,
}, async (t) => {
  const server = `proxy_read_timeout ${idleMs}ms;`
  const quiet = await testApp(t, { HEARTBEAT_MS: '60000' })
  const [kept, cut] = await Promise.all([
    follow(app, await nginx(t, app.port, { server })),
    follow(quiet, await nginx(t, quiet.port, { server })),
  ])
  const openedAtMs = performance.now()
  const cutOff = cut.frames.untilEnd()
  while (performance.now() - openedAtMs < idleMs + beatMs)
    assert.equal((await kept.frames.next()).event, 'beat')
  await say(app, kept.person, 'one')
  assert.equal(JSON.parse((await kept.frames.entry()).data).seq, 1)
  await kept.frames.close()
  assert.deepEqual(await cutOff, [], 'Without beats nginx ends it')
})

const boxes: Record<string, Holding> = {
  'that holds an answer until it ends': { hold: 'until-end' },
  'that lets the first bytes through, then holds': { hold: 'until-end', afterBytes: 1 },
}

for (const [name, holding] of Object.entries(boxes)) {
  test(`Through a proxy ${name}: polls pass, and resume from the stream’s own cursor.`, {
    timeout,
  }, async (t) => {
    const proxy = await bufferingProxy(app.port, holding)
    t.after(proxy.close)
    await holds(t, proxy.port)
  })
}

test('Through a proxy that gives what it has every so often, the beats show how late they are.', {
  timeout,
}, async (t) => {
  const everyMs = beatMs + 500
  const proxy = await bufferingProxy(app.port, { hold: 'for', everyMs })
  t.after(proxy.close)
  const { frames } = await follow(app, proxy.port)
  const late: number[] = []
  while (late.length < 2) {
    const frame = await frames.next()
    if (frame.event === 'beat') late.push(Date.now() - Date.parse((JSON.parse(frame.data) as StreamBeat).at))
  }
  assert.ok(Math.max(...late) >= 400, `${late}`)
  await frames.close()
})

/**
 * A buffered stream shows nothing while polls show everything; when the stream ends, all of it arrives, once, in order.
 */
async function holds(t: TestContext, port: number): Promise<void> {
  const person = await signedInPerson(app)
  const through = person.via(port)
  const heard: number[] = []
  const others = app.context.eventStreams.size + 1
  const opening = eventStream(through, 'me')
  const listening = opening.then(async (stream) => {
    assert.equal(stream.answer.status, 200)
    for await (const { event, data } of stream) if (event === undefined) heard.push(JSON.parse(data).seq)
  })
  t.after(() => Promise.allSettled([listening, opening.then(({ close }) => close())]))
  const direct = await follow(app, app.port, person)
  // Both streams are open: later entries are not in the first bytes of either.
  await eventually(() => app.context.eventStreams.size > others)
  let after = ''
  for (const seq of [1, 2]) {
    await say(app, person, 'one of two')
    const answer = await through.get(`/api/streams/me${after}`, { prefer: 'wait=5' })
    const { entries, next } = (await answer.json()) as WirePage
    assert.deepEqual(
      entries.map((entry) => entry.seq),
      [seq],
    )
    after = `?after=${next}`
    // The fence: by now the entry has been sent on every stream.
    await direct.frames.entry()
  }
  assert.deepEqual(heard, [])
  await person.send('POST', '/api/auth/sign-out', {})
  await listening
  assert.deepEqual(heard, [1, 2])
  await direct.frames.close()
}

async function say({ context }: TestApp, { id }: Person, text: string): Promise<void> {
  const { log } = context
  await log.transact((tx) => log.append(tx, [{ stream: `user:${id}`, type: 'test.said', data: { text } }]))
}

/** A person who follows their own stream through `port`, from `ready` on. */
async function follow(node: TestApp, port: number, person?: Person) {
  const follower = person ?? (await signedInPerson(node))
  const stream = await eventStream(follower.via(port), 'me')
  assert.equal(stream.answer.status, 200)
  const frames = reading(stream)
  assert.equal((await frames.next()).event, 'ready')
  return { person: follower, frames }
}

function reading(stream: EventStream) {
  const frames = stream[Symbol.asyncIterator]()
  async function next(): Promise<Frame> {
    const { value, done } = await frames.next()
    if (done) throw new Error('The stream has ended')
    return value
  }
  return {
    next,
    async entry() {
      for (;;) {
        const frame = await next()
        if (frame.event === undefined) return frame
      }
    },
    async untilEnd() {
      const rest: Frame[] = []
      try {
        for (;;) rest.push(await next())
      } catch {
        return rest
      }
    },
    close: stream.close,
  }
}
