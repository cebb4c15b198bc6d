import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { bothEnds, flood } from '#server/testing/flooding-socket.ts'
import { pacePipelines } from './paced-pipeline.ts'

const count = 4_000

test('So many requests of a connection are worked on at a time, and all are answered in their order', async (t) => {
  const [naive, paced] = [
    await heldRequests(t, (serve) => serve),
    await heldRequests(t, (serve) => pacePipelines(serve, () => 32)),
  ]
  for (const { ask } of [naive, paced]) ask()
  await eventually(() => naive.held.length === count)
  assert.equal(paced.held.length, 32)
  assert.ok(paced.ends.server.bytesRead < 100_000, `${paced.ends.server.bytesRead} bytes were read`)
  let answered = 0
  while (answered < count) {
    await eventually(() => paced.held.length > 0)
    assert.ok(paced.held.length <= 32)
    for (const response of paced.held.splice(0)) {
      response.end(`<${answered}>`)
      answered += 1
    }
  }
  await eventually(() => paced.text().includes(`<${count - 1}>`))
  const order = [...paced.text().matchAll(/<(\d+)>/g)].map(([, nth]) => Number(nth))
  assert.deepEqual(
    order,
    Array.from({ length: count }, (_, nth) => nth),
  )
})

test('One that weighs more waits until what came before it is answered, and what comes behind it waits too', async (t) => {
  const { held, ends } = await heldRequests(t, (serve) =>
    pacePipelines(serve, ({ url }) => (url === '/page' ? 1 : 32)),
  )
  const urls = ['/a', '/page', '/page', '/b', '/c']
  ends.client.write(urls.map((url) => `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''))
  for (const expected of [['/a'], ['/page'], ['/page', '/b', '/c']]) {
    await eventually(() => held.length === expected.length)
    assert.deepEqual(
      held.map(({ req }) => req.url),
      expected,
    )
    for (const response of held.splice(0)) response.end()
  }
})

for (const [what, request] of [
  ['cheap requests', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  [
    'requests that expect to be told to continue',
    'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n',
  ],
  ['OPTIONS', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
] as const) {
  test(`A client that sends ${what} and takes no answer is not read for long`, async (t) => {
    const server = createServer(
      pacePipelines(
        (_request, response) => void setImmediate(() => response.end('x'.repeat(1_000))),
        () => 32,
      ),
    )
    const ends = await bothEnds(await listening(t, server))
    const sent = flood(ends, Buffer.from(request), 32_000_000)
    let [before, still] = [-1, 0]
    // It is at rest when nothing more was read for a while.
    while (still < 500) {
      still = before === ends.server.bytesRead ? still + 1 : 0
      before = ends.server.bytesRead
      assert.ok(ends.server.writableLength < 1_000_000, `${ends.server.writableLength} bytes wait`)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    assert.ok(ends.server.bytesRead < sent / 2, `${ends.server.bytesRead} of ${sent} bytes were read`)
    ends.client.destroy()
  })
}

/** A server that responds on command, and a client that pipelines. */
async function heldRequests(t: TestContext, wrap: (serve: RequestListener) => RequestListener) {
  const held: ServerResponse[] = []
  const server = createServer(wrap((_request, response) => void held.push(response)))
  const ends = await bothEnds(await listening(t, server))
  let text = ''
  ends.client.on('data', (chunk) => {
    text += chunk
  })
  return {
    held,
    ends,
    text: () => text,
    ask: () => void ends.client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(count)),
  }
}

async function listening(t: TestContext, server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}
