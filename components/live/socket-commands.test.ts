import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireTicks } from '#server/protocol/trading.ts'
import { settled } from './testing/fake-clock.ts'
import { socketPage } from './testing/socket-page.ts'

const say = { roomId: 'a', clientId: 'c1', body: 'hello' }

test('A command is done when it is acknowledged; how long that took is kept', async () => {
  const page = socketPage()
  await page.pass(0)
  page.server.state.results.set('chat:send', () => ({ seq: 7, message: { seq: 7 } }))
  const sent = await page.line.send('chat:send', say)
  assert.deepEqual(sent, {
    state: 'done',
    value: { seq: 7, message: { seq: 7 } },
    replayed: false,
  })
  const { ackMs, ackP50Ms, ackP99Ms } = page.line.view()
  assert.deepEqual([ackMs, ackP50Ms, ackP99Ms], [0, 0, 0])
  await page.leave()
})

test('A refusal is an answer', async () => {
  const page = socketPage()
  await page.pass(0)
  const problem = { type: '/problems/forbidden', title: 'Forbidden', status: 403 }
  page.server.state.results.set('chat:send', () => ({ ok: false, problem }))
  assert.deepEqual(await page.line.send('chat:send', say), { state: 'refused', problem })
  await page.leave()
})

test('Without a line there is no answer, at once', async () => {
  const page = socketPage()
  assert.deepEqual(await page.line.send('chat:send', say), { state: 'unanswered' })
  assert.deepEqual(page.server.commands, [])
  await page.leave()
})

test('Cut before the acknowledgement nobody knows, at once; and whoever hears of it finds the line down', async () => {
  const page = socketPage()
  await page.pass(0)
  page.server.state.isSilent = true
  const sent = page.line.send('chat:send', say).then(({ state }) => [state, page.line.view().state])
  await settled()
  page.server.cutAll()
  assert.deepEqual(await sent, ['unanswered', 'opening'])
  await page.leave()
})

test('Without an answer in 10 s, and without any other sign, the line is given up for another', async () => {
  const page = socketPage()
  await page.pass(10_000)
  page.server.state.isSilent = true
  const quick = page.line.send('chat:typing', { roomId: 'a' }, { timeoutMs: 1_000 })
  await page.pass(1_000)
  assert.deepEqual(await quick, { state: 'unanswered' })
  await page.pass(1_000)
  assert.equal(page.server.state.opened, 2)
  const sent = page.line.send('chat:send', say)
  await page.pass(5_000)
  page.server.tell('typing', { roomId: 'a', userId: 'u', untilMs: 0, forMs: 0 })
  await page.pass(4_999)
  assert.equal(page.line.view().state, 'live')
  await page.pass(1)
  assert.deepEqual(await sent, { state: 'unanswered' })
  await page.pass(10_000)
  assert.equal(page.server.state.opened, 2)
  await page.leave()
})

test('Who is here is told to those who ask later too, and not after the line was down', async () => {
  const page = socketPage()
  await page.pass(0)
  page.server.tell('presence', { roomId: 'a', here: ['u1'] })
  const seen: string[][] = []
  const leave = page.line.on('presence', ({ here }) => seen.push(here))
  page.server.tell('presence', { roomId: 'a', here: ['u1', 'u2'] })
  leave()
  page.server.tell('presence', { roomId: 'a', here: [] })
  assert.deepEqual(seen, [['u1'], ['u1', 'u2']])
  page.server.cutAll()
  await page.pass(1_000)
  page.line.on('presence', ({ here }) => seen.push(here))()
  assert.equal(seen.length, 2)
  await page.leave()
})

test('Prices are watched together, with a snapshot for each who comes, and let go of when nobody wants them', async () => {
  const page = socketPage()
  await page.pass(0)
  page.server.state.results.set('prices:watch', ({ symbols }: { symbols: string[] }) => ({
    snapshot: ticks(...symbols),
  }))
  const chart = watch(page, ['ACME'])
  const list = watch(page, ['ACME', 'ZINC'])
  await page.pass(0)
  page.server.tell('ticks', ticks('ACME', 'ZINC'))
  page.server.tell('ticks', ticks('ZINC'))
  assert.deepEqual(chart.heard.slice(-2), ['ACME', 'ACME'])
  assert.deepEqual(list.heard, ['ACME ZINC', 'ACME ZINC', 'ZINC'])
  list.stop()
  await page.pass(0)
  assert.deepEqual(page.server.named('prices:unwatch'), [{ symbols: ['ZINC'] }])
  chart.stop()
  await page.pass(0)
  assert.deepEqual(page.server.named('prices:unwatch').at(-1), {})
  await page.leave()
})

test('Nobody sees the page: no prices; seen again, and after each cut, a fresh snapshot', async () => {
  const page = socketPage()
  page.server.state.results.set('prices:watch', () => ({ snapshot: ticks('ACME') }))
  const chart = watch(page, ['ACME'])
  await page.pass(10_000)
  page.hide(true)
  await page.pass(0)
  assert.deepEqual(page.server.named('prices:unwatch'), [{}])
  page.server.cutAll()
  await page.pass(10_000)
  assert.equal(chart.heard.length, 1)
  page.hide(false)
  await page.pass(0)
  assert.equal(chart.heard.length, 2)
  page.server.cutAll()
  await page.pass(1_000)
  assert.equal(chart.heard.length, 3)
  await page.leave()
})

test('Prices that the server cannot give now are asked for again', async () => {
  const page = socketPage()
  await page.pass(0)
  const problem = { type: '/problems/unavailable', title: 'Not now', status: 503 }
  page.server.state.results.set('prices:watch', () => ({ ok: false, problem }))
  const chart = watch(page, ['ACME'])
  await page.pass(100)
  page.server.state.results.set('prices:watch', () => ({ snapshot: ticks('ACME') }))
  await page.pass(1_000)
  assert.deepEqual(chart.heard, ['ACME'])
  await page.leave()
})

function watch(page: ReturnType<typeof socketPage>, symbols: string[]) {
  const heard: string[] = []
  const { stop } = page.line.watchPrices(symbols, (event) =>
    heard.push(event.ticks.map(([symbol]) => symbol).join(' ')),
  )
  return { heard, stop }
}

function ticks(...symbols: string[]): WireTicks {
  return { at: '2026-11-24T09:00:00.000Z', ticks: symbols.map((symbol) => [symbol, 1, 2, 1, 10]) }
}
