import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { bufferingProxy, type Holding } from './buffering-proxy.ts'

test('Holds an answer until it ends, its headers too.', async (t) => {
  const { upstream, ask } = await throughProxy(t, { hold: 'until-end' })
  let answered = false
  const asking = ask().then((answer) => {
    answered = true
    return answer.text()
  })
  const answer = await upstream.next()
  answer.write('one ')
  // The fence: another exchange through the same proxy is not held up.
  const other = ask()
  void upstream.next().then((later) => later.end('other'))
  assert.equal(await (await other).text(), 'other')
  assert.equal(answered, false)
  answer.end('two')
  assert.equal(await asking, 'one two')
})

test('Lets the first bytes through, then holds.', async (t) => {
  const { upstream, ask } = await throughProxy(t, { hold: 'until-end', afterBytes: 1 })
  const asking = ask()
  const answer = await upstream.next()
  answer.write('one ')
  const reader = (await asking).body?.getReader()
  assert.equal(text(await reader?.read()), 'one ')
  answer.write('two ')
  const rest = reader?.read()
  answer.end('three')
  assert.equal(text(await rest) + text(await reader?.read()), 'two three')
})

test('Passes on what has come at an interval, though the response continues.', async (t) => {
  const everyMs = 100
  const { upstream, ask } = await throughProxy(t, { hold: 'for', everyMs })
  const asking = ask()
  const answer = await upstream.next()
  const writtenAtMs = performance.now()
  answer.write('one')
  const reader = (await asking).body?.getReader()
  assert.equal(text(await reader?.read()), 'one')
  answer.write('two')
  assert.equal(text(await reader?.read()), 'two')
  // The first write may come at the end of an interval; the second waits for a whole one. Timers may fire a little
  // early.
  assert.ok(performance.now() - writtenAtMs > everyMs - 10)
  answer.end()
})

test('Holds nothing once it is told so, from the next answer on.', async (t) => {
  const { proxy, upstream, ask } = await throughProxy(t, { hold: 'until-end' })
  proxy.hold({ hold: 'nothing' })
  const asking = ask()
  const answer = await upstream.next()
  answer.write('one ')
  assert.equal(text(await (await asking).body?.getReader().read()), 'one ')
  answer.end()
})

test('Hangs up on the server when the client has hung up.', async (t) => {
  const { proxy, upstream, ask } = await throughProxy(t, { hold: 'until-end' })
  const leaving = new AbortController()
  const asking = ask(leaving.signal)
  const answer = await upstream.next()
  answer.write('one ')
  await eventually(() => proxy.open() === 1)
  leaving.abort()
  await assert.rejects(asking)
  await once(answer, 'close')
  await eventually(() => proxy.open() === 0)
})

async function throughProxy(t: TestContext, holding: Holding) {
  const asked: ServerResponse[] = []
  const server = createServer((_request, response) => void asked.push(response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const proxy = await bufferingProxy((server.address() as AddressInfo).port, holding)
  t.after(async () => {
    await proxy.close()
    server.close()
    server.closeAllConnections()
  })
  return {
    proxy,
    upstream: { next: () => eventually(() => asked.shift()) },
    ask: (signal?: AbortSignal) => fetch(`http://127.0.0.1:${proxy.port}/`, signal ? { signal } : {}),
  }
}

function text(piece: { value?: Uint8Array | undefined } | undefined): string {
  return new TextDecoder().decode(piece?.value)
}
