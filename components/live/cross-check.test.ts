import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamCheck } from './cross-check.ts'
import { fakeClock } from './testing/fake-clock.ts'

/** A stream whose head on the server is `k7x9.<head>`, and the position that the connection has reached here. */
function followed({ live, at, head }: { live: boolean; at: number; head: number }) {
  const clock = fakeClock()
  const state = { live, at, asked: [] as string[], tries: 0 }
  const fetch = async (url: string) => {
    state.asked.push(url)
    const next = `k7x9.${head}`
    return Response.json({ entries: [], next, head: next, more: false })
  }
  const left = new AbortController()
  const stream = {
    name: 'feed',
    cursor: () => `k7x9.${state.at}`,
    isLive: () => state.live,
    tryNow() {
      state.tries += 1
    },
  }
  return { state, clock, left, check: streamCheck(stream, { fetch, clock }, left.signal) }
}

test('A connection that is down tries at once when another has told of news', async () => {
  const { check, state, left } = followed({ live: false, at: 4, head: 5 })
  check()
  assert.deepEqual([state.tries, state.asked], [1, []])
  left.abort()
})

test('What a standing connection lacks a second after the poll has it connect anew', async () => {
  const { check, state, clock, left } = followed({ live: true, at: 4, head: 5 })
  check()
  await clock.pass(900)
  assert.deepEqual(state.asked, ['/api/streams/feed?after=k7x9.4'])
  assert.equal(state.tries, 0)
  await clock.pass(200)
  assert.equal(state.tries, 1)
  left.abort()
})

test('A connection that brings it meanwhile, or lacks nothing, stays', async () => {
  const late = followed({ live: true, at: 4, head: 5 })
  late.check()
  await late.clock.pass(500)
  late.state.at = 5
  await late.clock.pass(5_000)
  const whole = followed({ live: true, at: 5, head: 5 })
  whole.check()
  await whole.clock.pass(5_000)
  assert.deepEqual([late.state.tries, whole.state.tries], [0, 0])
  for (const { left } of [late, whole]) left.abort()
})

test('News that comes fast is checked every 2 s, and the last of it too', async () => {
  const { check, state, clock, left } = followed({ live: true, at: 5, head: 5 })
  for (let nth = 0; nth < 50; nth += 1) {
    check()
    await clock.pass(100)
  }
  await clock.pass(5_000)
  assert.ok(state.asked.length >= 3 && state.asked.length <= 4, `${state.asked.length} polls`)
  left.abort()
})
