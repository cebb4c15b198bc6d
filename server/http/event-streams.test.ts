import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import pg from 'pg'
import type { WireExchanges } from '#server/protocol/exchanges.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, type Person, signedInPerson, signIn } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { type Opening, type RawStream, rawStream } from '#server/testing/raw-stream.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'

/** In entries of 20 kB, a thousand times the buffer limit. */
const neverCutAt = 10_000
const app = await fileApp({ HEARTBEAT_MS: '200', MAX_BUFFER_BYTES: '200000' })
const { log, eventStreams } = app.context

for (const opening of ['fresh', 'kept'] satisfies Opening[]) {
  describe(`An event stream on a ${opening} connection`, () => {
    test('SSE1 SSE2 begins with its head, retry, and where it stands', async () => {
      const { person, stream } = await reader()
      await append(stream, ['a', 'b'])
      const open = await listen(person, 'me', { opening })
      const [ready, first, second] = await open.reach(3)
      assert.equal(open.status(), 200)
      for (const line of [
        /^content-type: text\/event-stream; charset=utf-8\r$/im,
        /^cache-control: no-cache, no-transform\r$/im,
        /^x-accel-buffering: no\r$/im,
        /^connection: close\r$/im,
        new RegExp(`^content-location: /api/streams/${stream}\r$`, 'im'),
        /^x-request-id: r-/im,
        /^x-content-type-options: nosniff\r$/im,
      ]) {
        assert.match(open.head(), line)
      }
      assert.doesNotMatch(open.head(), /transfer-encoding|content-length/i)
      assert.deepEqual([ready?.event, ready?.id], ['ready', at(0)])
      assert.deepEqual(JSON.parse(ready?.data ?? ''), { head: at(2), beatMs: 200 })
      assert.deepEqual([first?.event, first?.id, second?.id], [undefined, at(1), at(2)])
      const { entries } = await (await person.get('/api/streams/me')).json()
      assert.deepEqual([first, second].map(dataOf), entries)
      open.socket.destroy()
    })

    test('SSE5 beats, without moving the cursor', async () => {
      const { person } = await reader()
      const open = await listen(person, 'me', { opening })
      const [, ...beats] = await open.reach(3)
      for (const { event, id, data } of beats) {
        assert.equal(event, 'beat')
        assert.equal(id, undefined)
        assert.ok(Math.abs(Date.parse(JSON.parse(data).at) - Date.now()) < 5_000)
      }
      open.socket.destroy()
    })

    test('SSE4 resumes after Last-Event-ID, which wins over after', async () => {
      const { person, stream } = await reader()
      await append(stream, ['a', 'b', 'c'])
      const headers = [`Last-Event-ID: ${at(2)}`]
      const open = await listen(person, `me?after=${at(0)}`, { opening, headers })
      const [ready, third] = await open.reach(2)
      assert.deepEqual([ready?.id, third?.id], [at(2), at(3)])
      open.socket.destroy()
    })

    test('SSE4 C3 says reset for a cursor that leads nowhere, and then what is new', async () => {
      const { person, stream } = await reader()
      await append(stream, ['a'])
      const open = await listen(person, 'me', { opening, headers: ['Last-Event-ID: other.7'] })
      const [ready, reset] = await open.reach(2)
      assert.deepEqual([ready?.event, ready?.id], ['ready', 'other.7'])
      assert.deepEqual([reset?.event, reset?.id], ['reset', at(1)])
      assert.deepEqual(dataOf(reset), { head: at(1), reason: 'epoch' })
      await append(stream, ['b'])
      const after = await eventually(() => open.frames.find(({ event }) => event === undefined))
      assert.equal(after.id, at(2))
      open.socket.destroy()
    })

    test('SSE6 A2 ends before a sign-out is answered, and shows nothing more', async () => {
      const { person, stream } = await reader()
      const open = await listen(person, 'me', { opening })
      await open.reach(1)
      assert.equal((await person.send('POST', '/api/auth/sign-out', {})).status, 200)
      await append(stream, ['too late'])
      await open.ended()
      const bye = open.frames.at(-1)
      assert.equal(bye?.event, 'bye')
      assert.equal(dataOf(bye).reason, 'session-ended')
      assert.ok(open.frames.every(({ event }) => event !== undefined))
    })

    test('SSE7 cuts a client that does not read, which resumes without loss', async () => {
      const { person, stream } = await reader()
      const open = await listen(person, 'me', { opening })
      open.socket.pause()
      const before = eventStreams.ended.slow
      let appended = 0
      while (eventStreams.ended.slow === before && appended < neverCutAt) {
        await append(stream, Array(10).fill('x'.repeat(20_000)))
        appended += 10
      }
      assert.notEqual(eventStreams.ended.slow, before, `It was not cut at ${appended} entries`)
      open.socket.resume()
      await open.ended()
      const whole = open.frames.filter(({ event }) => event === undefined)
      assert.ok(whole.length < appended, 'not everything had been queued for it')
      const headers = whole.length > 0 ? [`Last-Event-ID: ${whole.at(-1)?.id}`] : []
      const again = await listen(person, 'me', { opening, headers })
      const rest = await eventually(() => {
        const entries = again.frames.filter(({ event }) => event === undefined)
        return whole.length + entries.length >= appended && entries
      })
      assert.deepEqual(
        [...whole, ...rest].map((frame) => dataOf(frame).seq),
        Array.from({ length: appended }, (_, index) => index + 1),
      )
      again.socket.destroy()
    })

    test('SSE8 takes six of a user and no seventh, until one leaves', async () => {
      const { person } = await reader()
      const open = await Promise.all(Array.from({ length: 6 }, () => listen(person, 'me', { opening })))
      const seventh = await listen(person, 'feed', { opening })
      assert.equal(seventh.status(), 429)
      assert.match(seventh.head(), /^retry-after: \d+\r$/im)
      assert.match(seventh.head(), /^content-type: application\/problem\+json/im)
      seventh.socket.destroy()
      open[0]?.socket.destroy()
      await eventually(async () => {
        const next = await listen(person, 'me', { opening })
        next.socket.destroy()
        return next.status() === 200
      })
      for (const { socket } of open) socket.destroy()
    })

    test('what a client says into its stream changes nothing', async () => {
      const { person, stream } = await reader()
      const open = await listen(person, 'me', { opening })
      await open.reach(1)
      open.socket.write('\x00\x01 nonsense\r\n\r\nGET /api/loans HTTP/1.1\r\n\r\n')
      await append(stream, ['a'])
      if (opening === 'fresh') {
        await eventually(() => open.frames.some(({ id }) => id === at(1)))
        open.socket.destroy()
      } else await open.ended()
      assert.ok(open.frames.every(({ event, data }) => event !== undefined || JSON.parse(data).seq > 0))
      assert.doesNotMatch(JSON.stringify(open.frames), /problem/)
    })

    test('A3 opens for our own pages only', async () => {
      const { person } = await reader()
      for (const [header, status] of [
        ['Origin: https://evil.example', 403],
        ['Origin: null', 403],
        ['Sec-Fetch-Site: cross-site', 403],
        ['Sec-Fetch-Site: same-site', 403],
        [`Origin: http://localhost:${app.port}`, 200],
        ['Sec-Fetch-Site: same-origin', 200],
      ] as const) {
        const open = await listen(person, 'me', { opening, headers: [header] })
        assert.equal(open.status(), status, header)
        open.socket.destroy()
      }
    })

    test('A1 is told 404 of what is not its to read, 401 without a session, 400 for a bad cursor', async () => {
      const { person } = await reader()
      const other = await reader()
      for (const [path, status] of [
        [other.stream, 404],
        [`${other.stream}?after=${at(0)}`, 404],
        ['loan:L-0000000000', 404],
        ['nothing', 404],
        ['me?after=x.1', 400],
        ['me?after=now&after=now', 400],
      ] as const) {
        const open = await listen(person, path, { opening })
        assert.equal(open.status(), status, path)
        open.socket.destroy()
      }
      const stranger = await rawStream(app.port, '/api/streams/me', [], { opening })
      assert.equal(stranger.status(), 401)
      stranger.socket.destroy()
    })

    test('is seen by the wire drawer while it is open and when it has ended', async () => {
      const { person } = await reader()
      const open = await listen(person, 'me', { opening, headers: [`Last-Event-ID: ${at(0)}`] })
      await open.reach(2)
      const requestId = /x-request-id: (\S+)/i.exec(open.head())?.[1] ?? ''
      const seen = await seenBy(person, requestId)
      assert.deepEqual([seen?.open, seen?.lastEventId, seen?.path], [true, at(0), '/api/streams/me'])
      assert.ok((seen?.bytesOut ?? 0) > 400)
      open.socket.destroy()
      const last = await eventually(async () => {
        const exchange = await seenBy(person, requestId)
        return exchange?.open === undefined && exchange
      })
      assert.ok(last.bytesOut >= (seen?.bytesOut ?? 0))
    })
  })
}

test('A request that comes in pieces is served all the same', async () => {
  const { person, stream } = await reader()
  await append(stream, ['a'])
  for (const pieces of [2, 3, 7, 40]) {
    const open = await listen(person, 'me', { pieces })
    assert.equal((await open.reach(2))[1]?.id, at(1))
    open.socket.destroy()
  }
})

test('SSE8 HEAD never streams', async () => {
  const { person } = await reader()
  const answer = await person.send('HEAD', '/api/streams/me', undefined, { accept: 'text/event-stream' })
  assert.equal(answer.status, 200)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
  assert.equal(await answer.text(), '')
})

test('An officer who is demoted hears nothing more of other people’s loans', async () => {
  const borrower = await signedInPerson(app)
  const officer = await signedInPerson(app, 'officer')
  const loan = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  const path = `/api/streams/loan:${loan.id}`
  const open = await listen(officer, `loan:${loan.id}`)
  await open.reach(2)
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query(`UPDATE "user" SET role = 'customer' WHERE id = $1`, [officer.id])
  await client.end()
  await open.ended()
  assert.equal(dataOf(open.frames.at(-1)).reason, 'session-ended')
  const again = await signIn(app.port, officer.email)
  await expectProblem(await again.get(path, { accept: 'text/event-stream' }), 404, 'not-found')
})

test('SSE6 A node that stops says bye to all, and when to come back', async (t) => {
  const node = await testApp(t)
  const person = await signedInPerson(node)
  const open = [
    await rawStream(node.port, '/api/streams/me', [`Cookie: ${person.cookie}`]),
    await rawStream(node.port, '/api/streams/me', [`Cookie: ${person.cookie}`], { opening: 'kept' }),
    await rawStream(node.port, '/api/streams/pulse'),
  ]
  await Promise.all(open.map(({ reach }) => reach(1)))
  await node.drain()
  for (const { ended, frames } of open) {
    await ended()
    const { reason, retryMs } = dataOf(frames.at(-1))
    assert.equal(reason, 'drain')
    assert.ok(retryMs >= 500 && retryMs <= 2_500, String(retryMs))
  }
})

test('A node that stops does not wait for a connection on which nothing was said', async (t) => {
  const node = await testApp(t)
  const silent = connect(node.port, '127.0.0.1')
  await once(silent, 'connect')
  // The fence: when this is answered, the silent connection has been accepted too.
  await (await fetch(`http://127.0.0.1:${node.port}/healthz`)).text()
  const startedMs = performance.now()
  await node.drain()
  assert.ok(performance.now() - startedMs < 5_000)
  silent.destroy()
})

test('A client that leaves is not counted any longer', async () => {
  const { person } = await reader()
  const before = eventStreams.size
  const open = await listen(person, 'me')
  assert.equal(eventStreams.size, before + 1)
  open.socket.destroy()
  await eventually(() => eventStreams.size === before)
  const half = await listen(person, 'me')
  half.socket.end()
  await eventually(() => eventStreams.size === before)
})

/** A user with a stream of their own. */
async function reader() {
  const person = await signedInPerson(app)
  return { person, stream: `user:${person.id}` }
}

type Options = { opening?: Opening; headers?: readonly string[]; pieces?: number }

function listen(
  { cookie }: Person,
  name: string,
  { headers = [], ...how }: Options = {},
): Promise<RawStream> {
  return rawStream(app.port, `/api/streams/${name}`, [`Cookie: ${cookie}`, ...headers], how)
}

function append(stream: string, data: readonly unknown[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      data.map((each) => ({ stream, type: 'note', data: each })),
    ),
  )
}

async function seenBy(person: Person, requestId: string) {
  const { exchanges } = (await (await person.get('/api/wire')).json()) as WireExchanges
  return exchanges.find((exchange) => exchange.requestId === requestId)
}

function at(seq: number): string {
  return `${log.epoch()}.${seq}`
}

function dataOf(frame: { data: string } | undefined) {
  return JSON.parse(frame?.data ?? 'null')
}
