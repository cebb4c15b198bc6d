import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { NewEntry } from '#server/log/log.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import { type ChildApp, childApp } from '#server/testing/child-app.ts'
import { eventStream } from '#server/testing/event-stream.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'

const people = 10
/** Six each, which is the cap, half on a shared stream and half on their own: sixty in all. */
const streamsEach = ['feed', 'feed', 'feed', 'me', 'me', 'me']
const tickMs = 50
const jitterMs = 1_000
const backWithinMs = 5_000

// Ten seconds on a quiet machine: the app takes two to start, and is started three times.
test('Sixty clients through a kill -9 and a SIGTERM at 200 events/s: nothing lost, nothing twice, all back in 5 s.', {
  timeout: 60_000,
}, async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, { DRAIN_MS: '2000' })
  const { log } = await logOn(t, url)
  const random = seededRandom(t)
  const crowd = await Promise.all(Array.from({ length: people }, () => signedInPerson(app)))
  const clients = crowd.flatMap((person) =>
    streamsEach.map((stream) => follow(person, stream, 'resume', random)),
  )
  const forgetful = await signedInPerson(app)
  const control = streamsEach.map(() => follow(forgetful, 'feed', 'forget', random))
  const everybody = [...clients, ...control]
  t.after(() => Promise.all(everybody.map((client) => client.stop())))
  await eventually(() => everybody.every(({ isOpen }) => isOpen()))

  const writing = write(
    log,
    crowd.map(({ id }) => `user:${id}`),
  )
  t.after(() => writing.stop().catch(() => undefined))
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    await eventually(() => clients.every(({ heardSinceOpen }) => heardSinceOpen() > 0))
    const tookMs = await endAndStart(app, signal, everybody)
    assert.ok(tookMs <= backWithinMs, `All were back ${tookMs} ms after it listened again`)
  }
  const { heads, seconds } = await writing.stop()
  const rate = [...heads.values()].reduce((sum, seq) => sum + seq, 0) / seconds
  assert.ok(rate > 150, `${rate} events/s were written`)

  for (const client of clients) {
    const head = heads.get(client.stream) ?? 0
    await eventually(() => (client.seqs.at(-1) ?? 0) >= head)
    assert.deepEqual(
      client.seqs,
      Array.from({ length: head }, (_, before) => before + 1),
    )
    assert.equal(client.breaks(), 2)
  }
  assert.ok(clients.every(({ byes }) => byes.includes('drain')))

  const head = heads.get('feed') ?? 0
  for (const { seqs } of control) {
    await eventually(() => (seqs.at(-1) ?? 0) >= head)
    assert.ok(seqs.length < head, 'A client that does not say where it was loses what came meanwhile')
  }
})

/**
 * Ends the node with `signal`, restarts it on the same port, and returns how long it took until all clients were back.
 */
async function endAndStart(app: ChildApp, signal: NodeJS.Signals, clients: Client[]): Promise<number> {
  const ended = await app.end(signal)
  assert.deepEqual(ended, signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null })
  await eventually(() => clients.every(({ isOpen }) => !isOpen()))
  await app.start()
  const listensAt = performance.now()
  await eventually(() => clients.every(({ isOpen }) => isOpen()))
  return performance.now() - listensAt
}

/** Ten entries per tick in one transaction: half on `feed`, half on the streams of five people. */
function write(log: PostgresLog, own: string[]) {
  const heads = new Map<string, number>()
  const startedAt = performance.now()
  let goesOn = true
  async function run() {
    for (let tick = 0; goesOn; tick += 1) {
      await pause(Math.max(0, startedAt + tick * tickMs - performance.now()))
      const turn = own.filter((_, nth) => nth % 2 === tick % 2)
      const entries: NewEntry[] = [...turn, ...turn.map(() => 'feed')].map((stream) => ({
        stream,
        type: 'test.said',
        data: { tick },
      }))
      for (const { stream, seq } of await log.transact((tx) => log.append(tx, entries)))
        heads.set(stream, seq)
    }
  }
  const done = run()
  done.catch(() => undefined)
  return {
    async stop() {
      goesOn = false
      await done
      return { heads, seconds: (performance.now() - startedAt) / 1_000 }
    },
  }
}

type Client = ReturnType<typeof follow>

/** Follows forever, and reconnects within a second: after its last id or, with `forget`, at the head. */
function follow(person: Person, stream: string, memory: 'resume' | 'forget', random: () => number) {
  const seqs: number[] = []
  const byes: string[] = []
  let breaks = 0
  let heardSinceOpen = 0
  let lastEventId: string | undefined
  let open: Awaited<ReturnType<typeof eventStream>> | undefined
  let isReady = false
  let goesOn = true

  async function listen() {
    open = await eventStream(person, stream, {
      ...(memory === 'resume' ? { lastEventId } : breaks > 0 && { after: 'now' }),
    })
    heardSinceOpen = 0
    for await (const { event, id, data } of open) {
      lastEventId = id ?? lastEventId
      if (event === 'ready') isReady = true
      else if (event === 'bye') byes.push(JSON.parse(data).reason)
      else if (event === undefined) {
        heardSinceOpen += 1
        seqs.push(JSON.parse(data).seq)
      }
    }
  }

  async function run() {
    while (goesOn) {
      // Broken connections and a missing server are what this client is for.
      await listen().catch(() => undefined)
      if (isReady) breaks += 1
      isReady = false
      if (goesOn) await pause(random() * jitterMs)
    }
  }
  const done = run()

  return {
    stream: stream === 'me' ? `user:${person.id}` : stream,
    seqs,
    byes,
    breaks: () => breaks,
    isOpen: () => isReady,
    heardSinceOpen: () => heardSinceOpen,
    async stop() {
      goesOn = false
      await open?.close().catch(() => undefined)
      await done
    },
  }
}
