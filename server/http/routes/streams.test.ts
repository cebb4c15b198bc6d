import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { hold } from '#server/testing/hold.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const { log, heldRequests } = app.context

test('SP1 V1 V3 A page says where to resume, and is tagged and kept for its viewer alone', async () => {
  const { person, append } = await reader()
  await append(2)
  const answer = await person.get('/api/streams/me')
  const page = (await answer.json()) as WirePage
  const epoch = log.epoch()
  assert.deepEqual(
    { ...page, entries: page.entries.map(({ seq, type, data }) => [seq, type, data]) },
    {
      entries: [
        [1, 'note', null],
        [2, 'note', null],
      ],
      next: `${epoch}.2`,
      head: `${epoch}.2`,
      more: false,
    },
  )
  assert.match(answer.headers.get('etag') ?? '', new RegExp(`^"${epoch}\\.2-[\\w-]{8}"$`))
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
  assert.equal(answer.headers.get('vary'), 'Accept, Prefer, Cookie')
})

test('SP1 A page has at most 300 entries, and says that there are more', async () => {
  const { person, append } = await reader()
  await append(301)
  const first = (await (await person.get('/api/streams/me')).json()) as WirePage
  assert.deepEqual([first.entries.length, first.more], [300, true])
  assert.deepEqual([first.next, first.head], [`${log.epoch()}.300`, `${log.epoch()}.301`])
  const second = (await (await person.get(`/api/streams/me?after=${first.next}`)).json()) as WirePage
  assert.deepEqual([second.entries.length, second.more], [1, false])
})

test('`me` and `account` are the caller’s own streams, and the answer names the real one', async () => {
  const { person } = await reader()
  for (const [name, stream] of [
    ['me', `user:${person.id}`],
    ['account', `account:${person.id}`],
  ]) {
    const answer = await person.get(`/api/streams/${name}`)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-location'), `/api/streams/${stream}`)
    assert.equal((await person.get(`/api/streams/${stream}`)).status, 200)
  }
})

test('C5 `after=now` answers with nothing but the place from which to resume', async () => {
  const { person, append } = await reader()
  await append(3)
  const page = (await (await person.get('/api/streams/me?after=now')).json()) as WirePage
  assert.deepEqual([page.entries, page.next], [[], `${log.epoch()}.3`])
})

test('SP2 V2 A tag that still holds is 304, however a proxy or the client has written it', async () => {
  const { person, append } = await reader()
  await append(1)
  const tag = await tagOf(person, '/api/streams/me')
  for (const written of [tag, `W/${tag}`, `"other", ${tag}`, `W/"other",W/${tag}`]) {
    const answer = await person.get('/api/streams/me', { 'if-none-match': written })
    assert.equal(answer.status, 304, written)
    assert.equal(answer.headers.get('etag'), tag)
    assert.equal(await answer.text(), '')
  }
  await append(1)
  assert.equal((await person.get('/api/streams/me', { 'if-none-match': tag })).status, 200)
})

test('V1 A tag of another viewer never makes a 304, neither at once nor at the deadline', async () => {
  const { person, append } = await reader()
  const { person: other, append: appendOther } = await reader()
  await append(1)
  await appendOther(1)
  const tag = await tagOf(other, '/api/streams/me')
  const headers = { 'if-none-match': tag }
  assert.equal((await person.get('/api/streams/me', headers)).status, 200)
  assert.equal((await person.get('/api/streams/me?wait=0', headers)).status, 200)
  const after = `after=${log.epoch()}.1`
  assert.equal((await person.get(`/api/streams/me?${after}&wait=0`, headers)).status, 204)
  assert.equal((await person.get(`/api/streams/me?${after}`, { ...headers, prefer: 'wait=0' })).status, 204)
})

test('LP2 At the deadline the answer is 204, or 304 to a tag that still holds', async () => {
  const { person, append } = await reader()
  await append(1)
  const path = `/api/streams/me?after=${log.epoch()}.1`
  const empty = await person.get(path, { prefer: 'wait=0' })
  assert.equal(empty.status, 204)
  const tag = await tagOf(person, path)
  const unchanged = await person.get(path, { prefer: 'wait=0', 'if-none-match': tag })
  assert.equal(unchanged.status, 304)
  assert.equal(unchanged.headers.get('etag'), tag)
})

test('LP1 A held request is answered with the entry, as soon as it is there', async () => {
  const { person, append } = await reader()
  await append(1)
  for (const withTag of [false, true]) {
    const { head } = (await (await person.get('/api/streams/me?after=now')).json()) as WirePage
    const path = `/api/streams/me?after=${head}`
    const tag: Record<string, string> = withTag ? { 'if-none-match': await tagOf(person, path) } : {}
    const { answer } = await hold(app, () => person.get(path, { prefer: 'wait=20', ...tag }))
    await append(1)
    assert.equal((await answer).status, 200)
    assert.equal(((await (await answer).json()) as WirePage).entries.length, 1)
  }
})

test('LP1 A request held at `now` is answered with the first entry that comes', async () => {
  const { person, append } = await reader()
  await append(1)
  const { answer } = await hold(app, () => person.get('/api/streams/me?after=now', { prefer: 'wait=20' }))
  await append(1)
  const { entries } = (await (await answer).json()) as WirePage
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    [2],
  )
})

test('LP1 LP2 A tag of a full page holds while the stream grows, and is held until the deadline', async () => {
  const { person, append } = await reader()
  await append(301)
  const tag = await tagOf(person, '/api/streams/me')
  const began = performance.now()
  const answer = await person.get('/api/streams/me?wait=1', { 'if-none-match': tag })
  assert.equal(answer.status, 304)
  assert.ok(performance.now() - began > 900)
})

test('LP3 `Prefer: wait` is acknowledged, clamped to the maximum, and ignored when malformed', async () => {
  const { person, append } = await reader()
  await append(1)
  const applied = async (prefer: string) =>
    (await person.get('/api/streams/me', { prefer })).headers.get('preference-applied')
  assert.equal(await applied('wait=7'), 'wait=7')
  assert.equal(await applied('respond-async, WAIT = 7'), 'wait=7')
  assert.equal(await applied('wait="7"; foo'), 'wait=7')
  assert.equal(await applied('wait=999999'), 'wait=25')
  for (const malformed of ['wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=soon', 'await=7', 'foo; wait=7']) {
    assert.equal(await applied(malformed), null, malformed)
  }
})

test('LP3 `?wait` is whole seconds up to the maximum, anything else is refused', async () => {
  const { person, append } = await reader()
  await append(1)
  for (const wait of ['0', '25']) assert.equal((await person.get(`/api/streams/me?wait=${wait}`)).status, 200)
  for (const wait of ['', '-1', '26', '1.5', '1e1', '%2B1', 'soon', '1&wait=2']) {
    assert.equal((await person.get(`/api/streams/me?wait=${wait}`)).status, 400, wait)
  }
})

test('LP5 HEAD answers at once, with the head of the answer alone', async () => {
  const { person, append } = await reader()
  await append(1)
  const tag = await tagOf(person, '/api/streams/me')
  const head = `${log.epoch()}.1`
  for (const path of [`/api/streams/me?after=${head}&wait=25`, `/api/streams/me?after=${head}`]) {
    const answer = await person.send('HEAD', path, undefined, { prefer: 'wait=25' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('etag'), tag)
    assert.equal(await answer.text(), '')
  }
  const known = await person.send('HEAD', '/api/streams/me', undefined, {
    'if-none-match': tag,
    prefer: 'wait=25',
  })
  assert.equal(known.status, 304)
  assert.equal(heldRequests.size, 0)
})

test('A client that leaves is not waited for', async () => {
  const { person } = await reader()
  const leaving = new AbortController()
  const { answer } = await hold(app, () =>
    fetch(`http://127.0.0.1:${app.port}/api/streams/me?after=now&wait=25`, {
      headers: { cookie: person.cookie },
      signal: leaving.signal,
    }),
  )
  leaving.abort()
  await assert.rejects(answer, { name: 'AbortError' })
  await eventually(() => heldRequests.size === 0)
})

async function reader() {
  const person = await signedInPerson(app)
  const entry = { stream: `user:${person.id}`, type: 'note', data: null }
  const append = (count: number) => log.transact((tx) => log.append(tx, Array(count).fill(entry)))
  return { person, append }
}

async function tagOf(person: Person, path: string): Promise<string> {
  return (await person.get(path)).headers.get('etag') ?? ''
}
