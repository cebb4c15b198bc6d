import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { trimLog } from '#server/log/trim.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { type ClientEvent, deliveries } from '#server/testing/deliveries.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'
import { quote } from '#server/testing/trading.ts'

for (const { name, listen } of deliveries) {
  test(`The contract of a delivery, by ${name}`, async (t) => {
    const app = await testApp(t, { RETENTION_EVENTS: '1000' })

    await t.test('C5 Delivers what was appended before the client came.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, ['a', 'b', 'c'])
      assert.deepEqual(brief(await take(listen(person, stream), 3)), ['1 "a"', '2 "b"', '3 "c"'])
    })

    await t.test('LP1 SP4 Delivers what is appended while the client is there.', async () => {
      const { person, stream } = await reader(app)
      const heard = listen(person, stream)
      await append(app, stream, ['before'])
      assert.deepEqual(brief(await take(heard, 1, { keep: true })), ['1 "before"'])
      for (const seq of [2, 3, 4]) {
        const next = heard.next()
        await append(app, stream, ['meanwhile'])
        assert.deepEqual(brief([(await next).value]), [`${seq} "meanwhile"`])
      }
      await heard.return(undefined)
    })

    await t.test('C5 Delivers after `now` only what is still to come.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, ['old'])
      const heard = listen(person, stream, 'now')
      const next = heard.next()
      const entry = await appendUntil(next, () => append(app, stream, ['new']))
      assert.match(brief([entry]).join(), /^\d+ "new"$/)
      await heard.return(undefined)
    })

    await t.test('SP4 Resumes after the cursor without repeating or skipping.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, upTo(40))
      let cursor: string | undefined
      const seqs: number[] = []
      for (const count of [1, 2, 17, 20]) {
        const heard = await take(listen(person, stream, cursor), count)
        for (const each of heard)
          if (each.type === 'entry') [cursor, seqs[seqs.length]] = [each.cursor, each.entry.seq]
      }
      assert.deepEqual(seqs, upTo(40))
    })

    await t.test('SP1 Delivers in order what does not fit one answer.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, upTo(650))
      const heard = await take(listen(person, stream), 650)
      assert.deepEqual(
        heard.map((each) => each.type === 'entry' && each.entry.data),
        upTo(650),
      )
    })

    await t.test('C3 Says reset for a cursor of another epoch, and resumes at the head.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, ['a', 'b'])
      await saysReset(person, stream, 'other.1', 'epoch', 2)
    })

    await t.test('C3 Says reset for a cursor beyond the head, and resumes at the head.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, ['a', 'b'])
      await saysReset(person, stream, `${app.context.log.epoch()}.3`, 'beyond-head', 2)
    })

    await t.test('C3 Says reset for a cursor older than retention, and resumes at the head.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, upTo(30))
      await trimLog(app.context.database.prisma, 10)
      await saysReset(person, stream, `${app.context.log.epoch()}.19`, 'trimmed', 30)
      const kept = await take(listen(person, stream, `${app.context.log.epoch()}.20`), 10)
      assert.equal(brief(kept)[0], '21 21')
      assert.equal(brief(await take(listen(person, stream), 1))[0], '21 21')
    })

    await t.test('C2 Refuses a malformed cursor.', async () => {
      const { person, stream } = await reader(app)
      for (const cursor of ['7', 'k7x2ab.', 'k7x2ab.01', 'K7X2AB.1', 'k7x2ab.-1', 'k7x2ab.1e3', 'abc.1']) {
        const [refused] = await take(listen(person, stream, cursor), 1)
        assert.deepEqual(refused, { type: 'refused', status: 400, slug: 'invalid-cursor' }, cursor)
      }
    })

    await t.test('A1 Answers what a user may not read exactly as what does not exist.', async () => {
      const { person, stream } = await reader(app)
      const other = await signedInPerson(app)
      const missing = { type: 'refused', status: 404, slug: 'not-found' }
      for (const name of [`user:${other.id}`, `account:${other.id}`, 'loan:L-0000000000', 'user:nobody']) {
        assert.deepEqual(await take(listen(person, name), 1), [missing], name)
      }
      await append(app, stream, ['mine'])
      assert.deepEqual(brief(await take(listen(person, stream), 1)), ['1 "mine"'])
    })

    await t.test('A2 Ends when the session is revoked.', async () => {
      const { person, stream } = await reader(app)
      await append(app, stream, ['seen'])
      const heard = listen(person, stream)
      await take(heard, 1, { keep: true })
      const next = heard.next()
      const revoked = await person.send('POST', '/api/auth/sign-out', {})
      assert.equal(revoked.status, 200)
      await append(app, stream, ['too late'])
      assert.deepEqual((await next).value, { type: 'refused', status: 401, slug: 'unauthenticated' })
      await heard.return(undefined)
    })

    await t.test('T16 Delivers the prices of an instrument, and resumes after the cursor.', async () => {
      const { person } = await reader(app)
      const stream = 'prices:NRDX'
      const moving = setInterval(() => quote(app, 'NRDX', 1_000 + Math.floor(Math.random() * 100)), 5)
      try {
        const live = await take(listen(person, stream), 5)
        const last = live.at(-1)
        const resumed = await take(listen(person, stream, cursorOf(last)), 5)
        const entries = [...live, ...resumed].map((each) => each.type === 'entry' && each.entry)
        const first = entries[0] ? entries[0].seq : 0
        for (const [nth, entry] of entries.entries()) {
          assert.ok(entry)
          assert.deepEqual(
            [entry.seq, entry.type, (entry.data as WireTick)[0]],
            [first + nth, 'price', 'NRDX'],
          )
        }
      } finally {
        clearInterval(moving)
      }
    })

    await t.test('T16 C3 Says reset for a cursor of prices that another node gave out.', async () => {
      const { person } = await reader(app)
      const [reset] = await take(listen(person, 'prices:NRDX', 'm0000000.5'), 1)
      assert.equal(reset?.type === 'reset' && reset.reason, 'epoch')
    })

    await t.test('T16 A1 Has no prices of what is no instrument.', async () => {
      const { person } = await reader(app)
      const missing = { type: 'refused', status: 404, slug: 'not-found' }
      for (const name of ['prices:NOSUCH', 'prices:nrdx']) {
        assert.deepEqual(await take(listen(person, name), 1), [missing], name)
      }
    })

    async function saysReset(person: Person, stream: string, after: string, reason: string, seq: number) {
      const heard = listen(person, stream, after)
      const head = `${app.context.log.epoch()}.${seq}`
      assert.deepEqual(await take(heard, 1, { keep: true }), [{ type: 'reset', head, reason }])
      const next = heard.next()
      await append(app, stream, ['afterwards'])
      assert.deepEqual(brief([(await next).value]), [`${seq + 1} "afterwards"`])
      await heard.return(undefined)
    }
  })
}

test('L3 All deliveries bring the same bytes, from the start and from any cursor', async (t) => {
  const app = await testApp(t)
  const { person, stream } = await reader(app)
  await append(app, stream, upTo(400).map(awkward))
  const epoch = app.context.log.epoch()
  const random = seededRandom(t)
  const cursors = [undefined, ...upTo(6).map(() => `${epoch}.${Math.floor(random() * 400)}`)]
  for (const cursor of cursors) {
    const count = 400 - Number(cursor?.split('.')[1] ?? 0)
    const digests = new Map<string, string>()
    for (const { name, listen } of deliveries) {
      digests.set(name, digest(await take(listen(person, stream, cursor), count)))
    }
    assert.equal(new Set(digests.values()).size, 1, `after ${cursor}: ${JSON.stringify([...digests])}`)
  }
})

async function reader(app: TestApp): Promise<{ person: Person; stream: string }> {
  const person = await signedInPerson(app)
  return { person, stream: `user:${person.id}` }
}

function append({ context: { log } }: TestApp, stream: string, data: readonly unknown[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      data.map((each) => ({ stream, type: 'note', data: each })),
    ),
  )
}

/** For a client that starts at `now`, which may be later than any single append. */
async function appendUntil<T>(
  next: Promise<IteratorResult<T, undefined>>,
  write: () => Promise<unknown>,
): Promise<T | undefined> {
  const came = next.then(() => true)
  await eventually(() => Promise.race([came, write().then(() => false)]))
  return (await next).value
}

async function take(
  heard: AsyncGenerator<ClientEvent, undefined>,
  count: number,
  { keep = false } = {},
): Promise<ClientEvent[]> {
  const taken: ClientEvent[] = []
  while (taken.length < count) {
    const { value } = await heard.next()
    if (!value) break
    taken.push(value)
  }
  if (!keep) await heard.return(undefined)
  return taken
}

function brief(heard: readonly (ClientEvent | undefined)[]): string[] {
  return heard.map((each) =>
    each?.type === 'entry' ? `${each.entry.seq} ${JSON.stringify(each.entry.data)}` : JSON.stringify(each),
  )
}

function cursorOf(event: ClientEvent | undefined): string {
  return event?.type === 'entry' ? event.cursor : assert.fail(JSON.stringify(event))
}

function digest(heard: readonly ClientEvent[]): string {
  const entries = heard.map(
    (each) => each.type === 'entry' && [each.entry.seq, each.entry.type, each.entry.data],
  )
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex')
}

function awkward(n: number): unknown {
  return { z: n, a: ['\u2028', '👩‍🚀', '\0', null, n / 3], 10: '"\\' }
}

function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1)
}
