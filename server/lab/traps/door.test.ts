import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Walked } from './arms/agent.ts'
import { type Door, throughDoor } from './door.ts'

const arm = { title: 'An arm', fell: false, seen: ['It was seen.'] }
const byPage: Walked = { failing: { ...arm, fell: true }, working: arm }
const byProgram: Walked = { failing: arm, working: { ...arm, title: 'By a program' } }
const door: Door = {
  trap: 'six-connections',
  listener: (_, response) => response.end('from the trap'),
  headless: async () => byProgram,
}

test('The first page walks in, another is told that somebody did, and what it saw is the report', async (t) => {
  const at = Promise.withResolvers<string>()
  const report = throughDoor(door, t.signal, (port) => at.resolve(`http://127.0.0.1:${port}`))
  const url = await at.promise
  const post = (path: string, body = '') => fetch(url + path, { method: 'POST', body })
  assert.deepEqual([(await post('/hello')).status, (await post('/hello')).status], [204, 409])
  assert.equal(await (await fetch(`${url}/anything`)).text(), 'from the trap')
  await post('/told', JSON.stringify(byPage))
  assert.deepEqual(await report, { trap: 'six-connections', ...byPage })
})

test('Where no page can come, a program walks in at once', async (t) => {
  assert.deepEqual(await throughDoor(door, t.signal, undefined), { trap: 'six-connections', ...byProgram })
})

test('A page of another machine is not let in', async (t) => {
  const at = Promise.withResolvers<string>()
  const report = throughDoor(door, t.signal, (port) => at.resolve(`http://127.0.0.1:${port}`))
  const url = await at.promise
  for (const origin of ['http://evil.example', 'null']) {
    assert.equal((await fetch(`${url}/hello`, { method: 'POST', headers: { origin } })).status, 403)
  }
  await fetch(`${url}/hello`, { method: 'POST', headers: { origin: 'http://localhost:3000' } })
  await fetch(`${url}/told`, { method: 'POST', body: JSON.stringify(byPage) })
  assert.equal((await report).failing.fell, true)
})
