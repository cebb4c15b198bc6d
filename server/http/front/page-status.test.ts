import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { retryLaterWhen } from './front.ts'

for (const [status, away, told] of [
  [500, true, 503],
  [500, false, 500],
  [200, true, 200],
  [404, true, 404],
] as const) {
  test(`P1 A page's ${status} is told as ${told} while Postgres is ${away ? 'away' : 'there'}`, async (t) => {
    const server = createServer((_request, response) => {
      retryLaterWhen(() => away, response)
      response.statusCode = status
      response.end('a page')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const { port } = server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(answer.status, told)
    assert.equal(answer.headers.get('retry-after'), told === 503 ? '2' : null)
    assert.equal(await answer.text(), 'a page')
  })
}
