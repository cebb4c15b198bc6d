import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpTransport } from './http-transport.ts'
import { watchPage } from './liveness.ts'
import { fakeClock, settled } from './testing/fake-clock.ts'

const message = { roomId: 'r1', clientId: 'c1', body: 'hello' }
const order = { clientOrderId: 'o1', symbol: 'ACME', side: 'buy', type: 'market', quantity: 1 } as const

test('What is not answered when the transport ends is unanswered at once, and so is what is sent afterwards', async () => {
  const { transport, asked } = page(() => new Promise(() => undefined))
  const sent = [
    transport.send('chat:send', message, 10_000),
    transport.send('order:place', order, 10_000),
    transport.send('prices:watch', { symbols: ['ACME'] }, 10_000),
  ]
  await settled()
  assert.deepEqual(
    asked.map(({ url }) => url),
    ['/api/rooms/r1/messages', '/api/orders', '/api/instruments'],
  )
  transport.end()
  const unanswered = { state: 'unanswered' }
  assert.deepEqual(await Promise.all(sent), [unanswered, unanswered, unanswered])
  assert.deepEqual(await transport.send('chat:send', message, 10_000), unanswered)
  assert.equal(asked.length, 3)
  assert.deepEqual(
    asked.slice(0, 2).map(({ signal }) => signal?.aborted),
    [false, false],
    'a write on its way may still arrive: sent again with its key, it gets the same response',
  )
})

test('What is not answered in time is unanswered, and called off', async () => {
  const { transport, asked, clock } = page(() => new Promise(() => undefined))
  const sent = transport.send('chat:send', message, 10_000)
  await clock.pass(9_999)
  assert.equal(asked[0]?.signal?.aborted, false)
  await clock.pass(1)
  assert.deepEqual(await sent, { state: 'unanswered' })
  assert.equal(asked[0]?.signal?.aborted, true)
  assert.equal(clock.asleep, 0)
  transport.end()
})

test('What is answered before the transport ends is done', async () => {
  const { transport } = page(async () => Response.json({ ...message, seq: 7 }, { status: 201 }))
  const sent = await transport.send('chat:send', message, 10_000)
  assert.ok(sent.state === 'done' && sent.value.seq === 7)
  transport.end()
})

/** A visible page whose requests go to `answer`. */
function page(answer: () => Promise<Response>) {
  const clock = fakeClock()
  const asked: { url: string; signal?: AbortSignal | null }[] = []
  const never = () => assert.fail('nothing is followed')
  const browser = { document: Object.assign(new EventTarget(), { hidden: false }), window: new EventTarget() }
  const transport = httpTransport({
    fetch: (url, { signal } = {}) => {
      asked.push({ url, signal })
      return answer()
    },
    clock,
    activity: watchPage(browser, 'keep'),
    ...{ reachable: never, unreachable: never, signedOut: never, ticks: never },
  })
  return { transport, asked, clock }
}
