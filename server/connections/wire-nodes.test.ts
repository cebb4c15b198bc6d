import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import { joinedBackplanes } from '#server/testing/joined-backplanes.ts'
import { createWireNodes } from './wire-nodes.ts'

test('RO5 An answer holds as many of the newest as one message does', async (t) => {
  const { nodes } = await cluster(t)
  const { exchanges, silent } = await nodes[0].gather('a session')
  assert.deepEqual(silent, [])
  assert.ok(exchanges.length >= 128 && exchanges.length < mostOfOne, `${exchanges.length}`)
  assert.equal(exchanges[0]?.requestId, '0')
})

test('RO5 Who is asked by a name that fits into no answer does not answer', async (t) => {
  const { nodes, stranger } = await cluster(t)
  const hostile = ['x', '\u0000', '🏠'].map((char) => char.repeat(64_000 / Buffer.byteLength(char)))
  for (const name of hostile) {
    for (const member of ['node', 'ask', 'sessionId']) {
      stranger.publish(
        'wire',
        JSON.stringify({ type: 'ask', node: 'n', ask: 'a', sessionId: 's', [member]: name }),
      )
    }
  }
  assert.ok((await nodes[0].gather('a session')).exchanges.length > 0)
})

test('RO5 However many nodes somebody makes up, few of them are waited for', async (t) => {
  const { nodes, stranger } = await cluster(t)
  for (let nth = 0; nth < 1_000; nth += 1) {
    stranger.publish('wire', JSON.stringify({ type: 'here', node: `made up ${nth}`, name: `name ${nth}` }))
  }
  const { exchanges, silent } = await nodes[0].gather('a session')
  assert.ok(silent.length > 0 && silent.length < 256, `${silent.length}`)
  assert.ok(exchanges.length > 0, 'the one that is real has answered')
})

const mostOfOne = 4_096

/** Two nodes, of which the second has counted exchanges, and a backplane that can send any message. */
async function cluster(t: TestContext) {
  const [one, two, stranger] = joinedBackplanes(3)
  assert.ok(one && two && stranger)
  const node = (backplane: typeof one, name: string, counted: WireExchange[]) => {
    const nodes = createWireNodes(backplane, { servesClients: true, name, exchangesOf: () => counted })
    t.after(nodes.close)
    return nodes
  }
  const counted = Array.from({ length: mostOfOne }, (_, nth) => exchange(nth))
  const nodes = [node(one, 'one', []), node(two, 'two', counted)] as const
  await new Promise(setImmediate)
  return { nodes, stranger }
}

function exchange(nth: number): WireExchange {
  const at = new Date(Date.UTC(2026, 10, 30) - nth).toISOString()
  const counts = { durationMs: 1, bytesIn: 1, bytesOut: 1, queries: 0 }
  return { requestId: `${nth}`, method: 'GET', path: '/api/loans', status: 200, at, ...counts }
}
