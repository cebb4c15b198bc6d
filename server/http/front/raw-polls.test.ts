import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { bothEnds, type Ends, flood } from '#server/testing/flooding-socket.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp, type TestApp, testApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '3600000' })
const { heldRequests } = app.context

/** Headers that differ between any two responses. */
const ownFields = ['x-request-id', 'date']

test('A poll without the parser is answered to the byte as one that came through the router', async () => {
  const { person, append, head } = await reader(app)
  await append()
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  const tagOf = async (path: string) => (await person.get(path)).headers.get('etag') ?? ''
  const stream = `/api/streams/me?after=${head(1)}`
  const streamTag = await tagOf(stream)
  const polls: [path: string, fields: string, status: number][] = [
    ['/api/streams/me', '', 200],
    ['/api/streams/me?after=now', '', 200],
    ['/api/streams/pulse?after=now', '', 200],
    [stream, `If-None-Match: ${streamTag}\r\n`, 304],
    [stream, `If-None-Match: W/${streamTag}, "other"\r\n`, 304],
    [stream, 'Prefer: wait=0\r\n', 204],
    [stream, `Prefer: wait=0\r\nIf-None-Match: ${streamTag}\r\n`, 304],
    [`${stream}&wait=0`, '', 204],
    [`/api/streams/loan:${id}`, '', 200],
    [`/api/loans/${id}`, '', 200],
    [`/api/loans/${id}`, `If-None-Match: "other"\r\n`, 200],
    [`/api/streams/me`, `Origin: ${app.context.env.TRUSTED_ORIGINS[0]}\r\n`, 200],
  ]
  for (const [path, fields, status] of polls) {
    const raw = await client(app, person)
    const routed = await client(app, person)
    // An unknown parameter leaves the request to the router.
    const longWay = `${path}${path.includes('?') ? '&' : '?'}x=1`
    raw.ask(path, fields)
    routed.ask(longWay, fields)
    const [short, long] = [await raw.answer(), await routed.answer()]
    assert.equal(short.status, status, path)
    assert.equal(raw.isParsed(), false, path)
    assert.equal(routed.isParsed(), true, path)
    for (const name of ownFields) assert.ok(short.fields.delete(name) && long.fields.delete(name), name)
    assert.deepEqual([...short.fields].sort(), [...long.fields].sort(), `${path} ${fields}`)
    assert.equal(short.body, long.body)
    raw.close()
    routed.close()
  }
})

test('What is refused is refused by the router, and the connection goes on', async () => {
  const { person, head } = await reader(app)
  const refused: [path: string, fields: string, status: number][] = [
    ['/api/streams/me', 'Cookie: none\r\n', 401],
    ['/api/streams/me?after=nonsense', '', 400],
    [`/api/streams/me?after=${head(7)}`, '', 410],
    ['/api/streams/me?wait=99', '', 400],
    ['/api/streams/loan:L-0000000000', '', 404],
    ['/api/loans/L-0000000000', '', 404],
    ['/api/streams/me', 'X-Viewer: somebody-else\r\n', 409],
  ]
  for (const [path, fields, status] of refused) {
    const raw = await client(app, fields.startsWith('Cookie') ? undefined : person)
    raw.ask(path, fields)
    const answer = await raw.answer()
    assert.equal(answer.status, status, path)
    assert.match(answer.fields.get('content-type') ?? '', /^application\/problem\+json/)
    raw.ask('/healthz')
    assert.equal((await raw.answer()).status, 200)
    raw.close()
  }
})

test('A connection that asks for something else goes on with the parser, from the very request', async () => {
  const { person } = await reader(app)
  const others: Record<string, string> = {
    'another path': 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'another method': `HEAD /api/streams/me HTTP/1.1\r\nHost: localhost\r\nCookie: ${person.cookie}\r\n\r\n`,
    'a request that closes': `GET /api/streams/me HTTP/1.1\r\nHost: localhost\r\nCookie: ${person.cookie}\r\nConnection: close\r\n\r\n`,
  }
  for (const [what, request] of Object.entries(others)) {
    const raw = await client(app, person)
    raw.ask('/api/streams/me')
    assert.equal((await raw.answer()).status, 200)
    assert.equal(raw.isParsed(), false)
    raw.ends.client.write(request)
    assert.equal((await raw.answer(what === 'another method')).status, 200, what)
    assert.equal(raw.isParsed(), true, what)
    raw.close()
  }
  const raw = await client(app, person)
  raw.ask('/api/streams/me')
  await raw.answer()
  raw.ends.client.write('hello there\r\n\r\n')
  assert.equal((await raw.answer()).status, 400)
  raw.close()
})

test('A request that comes in pieces, and several that come in one, are served', async () => {
  const { person } = await reader(app)
  const raw = await client(app, person)
  raw.ask('/api/streams/me')
  assert.equal((await raw.answer()).status, 200)
  const whole = raw.request('/api/streams/me?after=now')
  raw.ends.client.write(whole.slice(0, 30))
  await eventually(() => raw.isParsed())
  raw.ends.client.write(whole.slice(30))
  assert.equal((await raw.answer()).status, 200)
  raw.ends.client.write(whole + whole)
  for (let nth = 0; nth < 2; nth += 1) assert.equal((await raw.answer()).status, 200)
  raw.close()
})

test('H7 What comes behind a held request is answered after it, in order', async () => {
  const { person, append, head } = await reader(app)
  const raw = await client(app, person)
  await raw.hold(`/api/streams/me?after=${head(0)}`)
  raw.ask('/api/streams/me?after=now')
  raw.ask('/healthz')
  // The fence: everything sent has been read, and nothing was sent back.
  await eventually(() => raw.ends.server.bytesRead === raw.sent())
  assert.equal(raw.received(), '')
  await append()
  const [first, second, third] = [await raw.answer(), await raw.answer(), await raw.answer()]
  assert.equal(JSON.parse(first.body).entries.length, 1)
  assert.deepEqual([JSON.parse(second.body).entries, JSON.parse(second.body).next], [[], head(1)])
  assert.deepEqual(Object.keys(JSON.parse(third.body)).includes('entries'), false)
  raw.close()
})

test('What a client sends behind a held request is not read without end', async () => {
  const { person, append, head } = await reader(app)
  const raw = await client(app, person)
  await raw.hold(`/api/streams/me?after=${head(0)}`)
  const sent = flood(raw.ends, Buffer.from(raw.request('/api/streams/me')), 8_000_000)
  const { server } = raw.ends
  await eventually(() => server.isPaused())
  assert.ok(server.bytesRead < 1_000_000, `${server.bytesRead} of ${sent} bytes were read`)
  // While it is paused, its client's leaving goes unnoticed.
  await append()
  await eventually(() => heldRequests.size === 0)
  raw.close()
})

for (const [what, leave] of [
  ['hangs up', ({ client }: Ends) => client.destroy()],
  ['closes its half of the connection', ({ client }: Ends) => client.end()],
] as const) {
  test(`A client that ${what} is not held for any longer`, async () => {
    const { person, head } = await reader(app)
    const raw = await client(app, person)
    await raw.hold(`/api/streams/me?after=${head(0)}`)
    leave(raw.ends)
    await eventually(() => raw.ends.server.destroyed && heldRequests.size === 0)
    assert.equal(raw.received(), '')
    raw.close()
  })
}

test('A client that takes no answers is not read for long, and loses none', async () => {
  const { person, append } = await reader(app)
  for (let nth = 0; nth < 5; nth += 1) await append('x'.repeat(50_000))
  const raw = await client(app, person)
  raw.ends.client.pause()
  const request = raw.request('/api/streams/me')
  const count = 400
  for (let nth = 0; nth < count; nth += 1) raw.ends.client.write(request)
  await eventually(() => raw.ends.server.writableNeedDrain)
  let [before, still] = [-1, 0]
  while (still < 100) {
    still = before === raw.ends.server.bytesWritten ? still + 1 : 0
    before = raw.ends.server.bytesWritten
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  assert.ok(raw.ends.server.writableLength < 10_000_000, `${raw.ends.server.writableLength} bytes wait`)
  raw.ends.client.resume()
  for (let nth = 0; nth < count; nth += 1) assert.equal((await raw.answer()).status, 200)
  raw.close()
})

test('A2 A session that ends while its poll is held is told so, and shows nothing more', async () => {
  const { person, head } = await reader(app)
  for (const path of [`/api/streams/me?after=${head(0)}`, await loanPath(person)]) {
    const raw = await client(app, person)
    const tag = path.includes('loans')
      ? `If-None-Match: ${(await person.get(path)).headers.get('etag')}\r\n`
      : ''
    await raw.hold(path, tag)
    // A change of role also ends the session, and the cookie gets a new one: the held request has ended all the same.
    const role = path.includes('loans') ? 'customer' : 'officer'
    await app.context.database.prisma.user.update({ where: { id: person.id }, data: { role } })
    const answer = await raw.answer()
    assert.deepEqual([answer.status, JSON.parse(answer.body).title], [401, 'Sign in to continue'])
    raw.close()
  }
})

test('LP6 A drain answers what is held, and closes every connection', async (t) => {
  const own = await testApp(t, { STAGE_MS: '3600000' })
  const { person, head } = await reader(own)
  const [held, idle] = [await client(own, person), await client(own, person)]
  idle.ask('/api/streams/me')
  assert.equal((await idle.answer()).status, 200)
  await held.hold(`/api/streams/me?after=${head(0)}`)
  const drained = own.drain()
  const answer = await held.answer()
  assert.deepEqual([answer.status, answer.fields.get('connection')], [204, 'close'])
  await eventually(() => idle.ends.server.destroyed && held.ends.server.destroyed)
  await drained
  for (const { close } of [held, idle]) close()
})

test('A connection on which nothing is asked is closed when the time is over that its client was told', async (t) => {
  const own = await testApp(t, { KEEP_ALIVE_MS: '1000' })
  const { person, head } = await reader(own)
  const [idle, held] = [await client(own, person), await client(own, person)]
  idle.ask('/api/streams/me')
  assert.equal((await idle.answer()).fields.get('keep-alive'), 'timeout=1')
  await held.hold(`/api/streams/me?after=${head(0)}`)
  await eventually(() => idle.ends.server.destroyed)
  assert.equal(held.ends.server.destroyed, false, 'what is held is no idle connection')
  for (const { close } of [held, idle]) close()
})

test('LP7 What is held without the parser counts as what is held with it', async (t) => {
  const own = await testApp(t, { MAX_LONG_POLLS_PER_USER: '2' })
  const { person, append, head } = await reader(own)
  const clients = [await client(own, person), await client(own, person), await client(own, person)]
  const path = `/api/streams/me?after=${head(0)}`
  const [first, second, third] = clients
  await first?.hold(path)
  await second?.hold(path)
  third?.ask(path, 'Prefer: wait=20\r\n')
  assert.equal((await third?.answer())?.status, 429)
  await append()
  const bodies = [await first?.answer(), await second?.answer()].map((each) => each?.body ?? '')
  assert.equal((JSON.parse(bodies[0] ?? '') as WirePage).entries.length, 1)
  assert.equal(bodies[0], bodies[1])
  for (const { close } of clients) close()
})

test('LP4 A loan is held until it changes', async () => {
  const officer = await signedInPerson(app, 'officer')
  const path = await loanPath(officer)
  const tag = (await officer.get(path)).headers.get('etag')
  const raw = await client(app, officer)
  await raw.hold(path, `If-None-Match: ${tag}\r\n`)
  const entry = { stream: `loan:${path.split('/').at(-1)}`, type: 'note', data: null }
  await app.context.log.transact((tx) => app.context.log.append(tx, [entry]))
  const answer = await raw.answer()
  assert.equal(answer.status, 200)
  assert.equal(answer.fields.get('preference-applied'), 'wait=20')
  assert.notEqual(answer.fields.get('etag'), tag)
  raw.close()
})

async function loanPath(person: Person): Promise<string> {
  const { id } = (await (await person.create('/api/loans', application)).json()) as WireLoan
  return `/api/loans/${id}`
}

async function reader({ context, ...own }: TestApp) {
  const person = await signedInPerson({ context, ...own } as TestApp)
  const append = (data: unknown = null) =>
    context.log.transact((tx) =>
      context.log.append(tx, [{ stream: `user:${person.id}`, type: 'note', data }]),
    )
  return { person, append, head: (seq: number) => `${context.log.epoch()}.${seq}` }
}

type Answer = { status: number; fields: Map<string, string>; body: string }

/** A client that sends raw bytes on one connection, and the server's end of it. */
async function client({ port, context }: TestApp, person?: Person) {
  const ends = await bothEnds(port)
  let text = ''
  let sent = 0
  ends.client.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  const request = (path: string, fields = '') =>
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${person ? `Cookie: ${person.cookie}\r\n` : ''}${fields}\r\n`
  const ask = (path: string, fields?: string) => {
    const bytes = request(path, fields)
    sent += bytes.length
    ends.client.write(bytes)
  }
  return {
    ends,
    request,
    ask,
    sent: () => sent,
    received: () => text,
    /** Whether Node's HTTP parser is attached to the connection. */
    isParsed: () => (ends.server as { parser?: unknown }).parser !== undefined,
    async hold(path: string, fields = '') {
      const before = context.heldRequests.size
      ask(path, `Prefer: wait=20\r\n${fields}`)
      await eventually(() => context.heldRequests.size === before + 1)
      assert.equal((ends.server as { parser?: unknown }).parser, undefined)
    },
    /** The next response. */
    async answer(isOfHead = false): Promise<Answer> {
      await eventually(() => wholeIn(text, isOfHead) > 0)
      const whole = text.slice(0, wholeIn(text, isOfHead))
      text = text.slice(whole.length)
      const end = whole.indexOf('\r\n\r\n')
      const [head, body] = [whole.slice(0, end), whole.slice(end + 4)]
      const [first = '', ...lines] = head.split('\r\n')
      const fields = lines.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)]
      })
      return { status: Number(first.split(' ')[1]), fields: new Map(fields), body }
    },
    close: () => ends.client.destroy(),
  }
}

/** The length of the first response in a text; 0 while it is incomplete. */
function wholeIn(text: string, isOfHead: boolean): number {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const length = isOfHead ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0)
  return text.length >= end + 4 + length ? end + 4 + length : 0
}
