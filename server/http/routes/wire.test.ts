import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import type { WireExchange, WireExchanges } from '#server/protocol/exchanges.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '3600000' })
const person = await signedInPerson(app)
const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
const path = `/api/loans/${id}`

test('The wire’s bytes are those of the socket, for each exchange on a line that carries several.', async () => {
  const tag = (await person.get(path)).headers.get('etag') ?? ''
  const line = openLine()
  const ask = async (target: string, headers: Record<string, string> = {}) => {
    const sent = Object.entries({ Host: 'localhost', Cookie: person.cookie, ...headers }).map(
      ([k, v]) => `${k}: ${v}\r\n`,
    )
    const text = `GET ${target} HTTP/1.1\r\n${sent.join('')}\r\n`
    const answer = await line.exchange(text)
    return {
      bytesIn: text.length,
      bytesOut: answer.length,
      requestId: /x-request-id: (\S+)/i.exec(answer)?.[1],
    }
  }
  const seen = [
    await ask(path),
    await ask(path, { 'If-None-Match': tag }),
    await ask('/api/loans/L-0000000000'),
    await ask(`/api/streams/loan:${id}`, { Prefer: 'wait=5' }),
    await ask(`${path}?x=1`, { 'If-None-Match': tag }),
  ]
  line.close()
  const told = await exchangesOf(person)
  for (const { requestId, ...bytes } of seen) {
    const { bytesIn, bytesOut } = told.find((exchange) => exchange.requestId === requestId) ?? {}
    assert.deepEqual({ bytesIn, bytesOut }, bytes, requestId)
  }
})

test('It counts the queries of each exchange: none for what has not changed.', async () => {
  const tag = (await person.get(path)).headers.get('etag') ?? ''
  const ids = async (answer: Response) => {
    await answer.bytes()
    return answer.headers.get('x-request-id')
  }
  const unchanged = await ids(await person.get(path, { 'if-none-match': tag }))
  const list = await ids(await person.get('/api/loans'))
  const created = await ids(await person.create('/api/loans', application))
  const told = await exchangesOf(person)
  const queries = (requestId: string | null) => told.find((each) => each.requestId === requestId)?.queries
  assert.equal(queries(unchanged), 0)
  assert.equal(queries(list), 1)
  assert.ok((queries(created) ?? 0) > 5)
})

test('It tells a session of its own exchanges alone, newest first.', async () => {
  const other = await signedInPerson(app)
  await (await other.get('/api/loans?before=1_L-0000000000')).bytes()
  await (await person.get('/api/loans')).bytes()
  const [mine, theirs] = [await exchangesOf(person), await exchangesOf(other)]
  assert.ok(theirs.some(({ path: asked }) => asked === '/api/loans?before=1_L-0000000000'))
  assert.ok(!mine.some(({ path: asked }) => asked === '/api/loans?before=1_L-0000000000'))
  const times = mine.map(({ at, durationMs }) => Date.parse(at) + durationMs)
  assert.ok(times.every((time, nth) => nth === 0 || time <= (times[nth - 1] ?? 0) + 2))
  const newest = mine[0]
  assert.deepEqual([newest?.method, newest?.path, newest?.status], ['GET', '/api/loans', 200])
})

async function exchangesOf(of: Person): Promise<WireExchange[]> {
  const answer = await of.get('/api/wire')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  return ((await answer.json()) as WireExchanges).exchanges
}

/** A raw connection; `exchange` returns the bytes of one complete response. */
function openLine() {
  const socket = connect(app.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  return {
    async exchange(request: string): Promise<string> {
      text = ''
      socket.write(request)
      await eventually(() => isWhole(text))
      return text
    },
    close: () => socket.destroy(),
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
  return answer.length === end + 4 + length
}
