import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { App } from '#server/app.ts'
import type { WireTick } from '#server/protocol/trading.ts'
import { type ChildApp, childApp } from '#server/testing/child-app.ts'
import { type ClientEvent, deliveries, type Listen } from '#server/testing/deliveries.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { accountOf, hearOn } from '#server/testing/price-checker.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { buy, place } from '#server/testing/trading.ts'

const skip = kafkaMissing ?? false
const stream = 'prices:NRDX'
const common = {
  TICKS_PER_SECOND: '300',
  MAX_LONG_POLLS_PER_USER: '50',
  MAX_SSE_PER_USER: '50',
  MAX_SOCKETS_PER_USER: '50',
}

/** What each client receives after its gateway is killed: on another one, from its cursor. */
async function movedClients(t: TestContext, settings: Record<string, string>) {
  const { url } = await testDatabase(t)
  const nodes = { ...common, ...settings }
  const maker = await appOn(t, url, { ...nodes, ROLES: 'prices' })
  await eventually(() => maker.context.prices.ticks() > 100)
  const [doomed, other] = await Promise.all([
    childApp(t, url, { ...nodes, ROLES: 'web,gateway' }),
    appOn(t, url, { ...nodes, ROLES: 'web,gateway' }),
  ])
  const person = await signedInPerson(doomed)
  const clients = await Promise.all(
    deliveries.map(async ({ name, listen }) => ({ name, listen, heard: await take(listen, person, 5) })),
  )
  await doomed.end('SIGKILL')
  const elsewhere = { ...person, ...person.via(other.port) }
  return Promise.all(
    clients.map(async ({ name, listen, heard }) => {
      const { cursor } = accountOf(heard)
      return { name, heard: [...heard, ...(await take(listen, elsewhere, 5, cursor))] }
    }),
  )
}

test('T16 A gateway is killed, and on another its clients read on from their cursors: nothing lost, nothing twice.', {
  skip,
}, async (t) => {
  for (const { name, heard } of await movedClients(t, await sharedKafka())) {
    const { entries, resets } = accountOf(heard)
    assert.deepEqual([entries, resets], [10, []], name)
  }
})

test('Control: without Kafka each of them is told by a reset that it has missed prices.', async (t) => {
  for (const { name, heard } of await movedClients(t, {})) {
    assert.deepEqual(accountOf(heard).resets, ['epoch'], name)
  }
})

test('T16 T17 Kafka is killed, frozen and brought back empty: no price is lost or there twice without a reset, and trading goes on.', {
  skip,
}, async (t) => {
  const kafka = await ownKafka(t)
  const { url } = await testDatabase(t)
  const nodes = { ...common, ...kafka.settings }
  await appOn(t, url, { ...nodes, ROLES: 'prices' })
  const gateway = await appOn(t, url, { ...nodes, ROLES: 'web,gateway,worker' })
  const person = await signedInPerson({ port: gateway.port, databaseUrl: url })
  const clients = deliveries.map(({ name, listen }) => ({ name, ...hearOn(listen, person, stream) }))
  const moreFor = async (count: number) => {
    const from = clients.map(({ heard }) => heard.length)
    await eventually(() => clients.every(({ heard }, nth) => heard.length >= (from[nth] ?? 0) + count))
  }
  const expectResets = (expected: string[]) => {
    for (const { name, heard } of clients) assert.deepEqual(accountOf(heard).resets, expected, name)
  }
  /** Through the row in Postgres, once a second. */
  const isTradedAt = async () => {
    const before = gateway.context.prices.ticks()
    await eventually(() => gateway.context.prices.ticks() > before + 24)
    assert.equal((await place(person, buy(1))).status, 'filled')
  }
  await moreFor(5)
  for (const [harm, heal] of [
    [kafka.kill, kafka.start],
    [kafka.freeze, kafka.thaw],
  ] as const) {
    await harm()
    await outlasted(clients)
    await isTradedAt()
    await heal()
    await moreFor(10)
  }
  expectResets([])
  await kafka.loseData()
  await isTradedAt()
  await moreFor(10)
  await Promise.all(clients.map(({ stop }) => stop()))
  expectResets(['epoch'])
})

/** Waits until Kafka has been unavailable for so long that no client has received anything for 3 s. */
async function outlasted(clients: readonly { heard: readonly ClientEvent[] }[]) {
  let counts = ''
  let since = performance.now()
  await eventually(() => {
    const now = clients.map(({ heard }) => heard.length).join()
    if (now !== counts) [counts, since] = [now, performance.now()]
    return performance.now() - since > 3_000
  })
}

test('T15 T16 The process that makes the prices is frozen until another does; what it still sends is passed over.', {
  skip,
}, async (t) => {
  const { url } = await testDatabase(t)
  const nodes = { ...common, ...(await sharedKafka()) }
  const [first, second] = [
    await childApp(t, url, { ...nodes, ROLES: 'prices' }),
    await childApp(t, url, { ...nodes, ROLES: 'prices' }),
  ]
  const gateway = await appOn(t, url, { ...nodes, ROLES: 'web,gateway' })
  const person = await signedInPerson({ port: gateway.port, databaseUrl: url })
  const clients = deliveries.map(({ name, listen }) => ({ name, ...hearOn(listen, person, stream) }))
  const moves = () => {
    const from = gateway.context.prices.ticks()
    return eventually(() => gateway.context.prices.ticks() > from + 100)
  }
  await moves()
  // Whichever asked first has the lock, which the test cannot choose.
  const leader = (await stopsPrices(gateway, first)) ? first : second
  if (leader === second) {
    first.signal('SIGCONT')
    second.signal('SIGSTOP')
  }
  await moves()
  leader.signal('SIGCONT')
  await moves()
  const other = leader === first ? second : first
  await other.end('SIGKILL')
  await moves()
  await Promise.all(clients.map(({ stop }) => stop()))
  for (const { name, heard } of clients) {
    const { entries, resets } = accountOf(heard)
    // One for each record of the old term that came after the new term began; usually there are none.
    assert.ok(entries > 10 && resets.length <= 2, `${name}: ${entries} entries, ${resets}`)
  }
})

/** Freezes a process, and returns whether the prices stop. */
async function stopsPrices(gateway: App, { signal }: ChildApp): Promise<boolean> {
  signal('SIGSTOP')
  let [ticks, since] = [0, performance.now()]
  const from = performance.now()
  return eventually(() => {
    const now = gateway.context.prices.ticks()
    if (now !== ticks) [ticks, since] = [now, performance.now()]
    if (performance.now() - since > 1_000) return 'stopped'
    return performance.now() - from > 4_000 && 'moving'
  }).then((state) => state === 'stopped')
}

test('T16 Prices that are made by a node whose clock is 10 minutes ahead carry the time of the database, and are traded at.', {
  skip,
}, async (t) => {
  const { url } = await testDatabase(t)
  const nodes = { ...common, ...(await sharedKafka()) }
  await childApp(t, url, {
    ...{ ...nodes, ROLES: 'prices', CLOCK_SHIFT_MS: '600000' },
    NODE_OPTIONS: '--import=./server/testing/shifted-clock.ts',
  })
  const gateway = await appOn(t, url, { ...nodes, ROLES: 'web,gateway,worker' })
  const person = await signedInPerson({ port: gateway.port, databaseUrl: url })
  const heard = await take(deliveryOf('event stream'), person, 3)
  for (const event of heard) {
    assert.ok(event.type === 'entry')
    const { at, data } = event.entry
    assert.ok(Math.abs(Date.parse(at) - Date.now()) < 30_000, at)
    assert.equal((data as WireTick)[0], 'NRDX')
  }
  assert.equal((await place(person, buy(1))).status, 'filled')
})

const deliveryOf = (name: string): Listen =>
  deliveries.find((each) => each.name === name)?.listen ?? assert.fail(name)

/** The first `count` entries that a client receives after a cursor, and everything in between. */
async function take(listen: Listen, person: Person, count: number, after?: string): Promise<ClientEvent[]> {
  const taken: ClientEvent[] = []
  const events = listen(person, stream, after)
  while (taken.filter(({ type }) => type === 'entry').length < count) {
    const { value } = await events.next()
    if (!value) break
    taken.push(value)
  }
  await events.return(undefined)
  return taken
}
