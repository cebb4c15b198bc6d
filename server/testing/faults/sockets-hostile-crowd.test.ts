import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import type { CrowdReport } from '#server/testing/hostile-crowd.ts'
import { brokenPackets, floods } from '#server/testing/hostile-packets.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { messagesIn, roomOf } from '#server/testing/rooms.ts'
import { type SocketClient, socketClient } from '#server/testing/socket-client.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const hostile = { people: 4, sockets: 20, forMs: 5_000 }
/** At most: the effect of the attack shows in every turn, other load on the machine does not. */
const turns = 5
const bystanders = 10
const calmMs = 3_000
const everyMs = 400
/** Below this, the measurement is of the machine. */
const floorMs = 150

test('WS10 Twenty hostile sockets beside ten bystanders: the node stands, and who chats hardly notices.', {
  timeout: 200_000,
}, async (t) => {
  const { url } = await testDatabase(t)
  const settings = { CHAT_BURST: '1000', CHAT_PER_SECOND: '1000' }
  const app = await childApp(t, url, settings)
  const elsewhere = await childApp(t, url, settings)
  const villains = await people(app, hostile.people)
  const crowd = await people(app, bystanders)
  const [host, ...guests] = crowd
  assert.ok(host)
  const room = await roomOf(host, guests)
  const chatters = await Promise.all(crowd.map((person) => chatter(person, app.port, room.id)))

  const calm = await chatFor(chatters, () => pause(calmMs))
  // The control is the same crowd against another node: cores and Postgres are just as busy, but the chatters' server
  // is not under attack. In turns, because the load of a shared machine varies.
  const [busy, besieged]: [Chat<CrowdReport>[], Chat<CrowdReport>[]] = [[], []]
  const attacks = new Map<string, number>()
  const unsent = () =>
    [...Object.keys(brokenPackets), ...Object.keys(floods)].filter((name) => !attacks.has(name))
  let hardlyNoticed = false
  for (let turn = 0; turn < turns && (!hardlyNoticed || unsent().length > 0); turn += 1) {
    const control = await chatFor(chatters, () => siege(elsewhere.port, villains))
    const attacked = await chatFor(chatters, () => siege(app.port, villains))
    busy.push(control)
    besieged.push(attacked)
    for (const [name, count] of Object.entries(attacked.meanwhile.attacks)) {
      attacks.set(name, (attacks.get(name) ?? 0) + count)
    }
    hardlyNoticed ||= attacked.p99Ms <= Math.max(3 * calm.p99Ms, 2 * control.p99Ms, floorMs)
  }
  assert.deepEqual(unsent(), [], 'every attack was made')
  assert.ok(
    besieged.some(({ meanwhile }) => meanwhile.refused > 0),
    'the cap on sockets has refused',
  )
  const sent = [...attacks.values()].reduce((sum, count) => sum + count, 0)
  const p99s = (chats: Chat<unknown>[]) => chats.map(({ p99Ms }) => p99Ms)
  t.diagnostic(
    `p99 ${calm.p99Ms} ms calm, ${p99s(busy)} ms with the crowd elsewhere, ${p99s(besieged)} ms under ${sent} attacks`,
  )

  assert.equal((await fetch(`http://127.0.0.1:${app.port}/healthz`)).status, 200)
  assert.doesNotMatch(app.written(), /unhandled|uncaught|"level":(50|60)|TypeError|RangeError/i)
  const messages = await messagesIn(host, room.id)
  assert.equal(
    messages.length,
    [calm, ...busy, ...besieged].reduce((sum, chat) => sum + chat.sent, 0),
  )
  for (const { client, seqs } of chatters) {
    assert.ok(client.socket.connected)
    await eventually(() => seqs.length >= messages.length)
    assert.deepEqual(
      seqs,
      messages.map(({ seq }) => seq),
    )
    client.close()
  }
  assert.ok(hardlyNoticed, `p99 was ${p99s(besieged)} ms, and ${p99s(busy)} ms with the crowd elsewhere`)
})

function people(app: { port: number; databaseUrl: string }, count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => signedInPerson(app)))
}

type Chatter = {
  client: SocketClient
  /** Seqs of the messages received, in order of arrival. */
  seqs: number[]
  /** When each message was received, by its client id. */
  shownAt: Map<string, number>
  say(clientId: string): Promise<number>
}

async function chatter(person: Person, port: number, roomId: string): Promise<Chatter> {
  const client = await socketClient(person, { port })
  const seqs: number[] = []
  const shownAt = new Map<string, number>()
  client.socket.on(
    'entries',
    ({ entries }: { entries: { seq: number; type: string; data: { message: { clientId: string } } }[] }) => {
      for (const { seq, type, data } of entries) {
        if (type !== 'message.sent') continue
        seqs.push(seq)
        shownAt.set(data.message.clientId, performance.now())
      }
    },
  )
  await client.done('follow', { stream: `room:${roomId}`, after: 'now' })
  return {
    client,
    seqs,
    shownAt,
    async say(clientId) {
      const sentAt = performance.now()
      await client.done('chat:send', { roomId, clientId, body: 'How are you?' })
      return sentAt
    },
  }
}

/** `p99Ms`: from sending a message until each member has received it. */
type Chat<T> = { meanwhile: T; sent: number; p99Ms: number }

/** Everyone keeps sending while `meanwhile` runs; the p99 of the time until each member has received a message. */
async function chatFor<T>(chatters: Chatter[], meanwhile: () => Promise<T>): Promise<Chat<T>> {
  let goesOn = true
  const sentAt = new Map<string, number>()
  async function chat({ say }: Chatter, nth: number) {
    await pause((nth * everyMs) / chatters.length)
    while (goesOn) {
      const clientId = crypto.randomUUID()
      sentAt.set(clientId, await say(clientId))
      await pause(everyMs)
    }
  }
  const chatting = Promise.all(chatters.map(chat))
  const done = await meanwhile()
  goesOn = false
  await chatting
  await eventually(() => chatters.every(({ shownAt }) => [...sentAt.keys()].every((id) => shownAt.has(id))))
  const tookMs = [...sentAt].flatMap(([clientId, at]) =>
    chatters.map(({ shownAt }) => (shownAt.get(clientId) ?? Number.NaN) - at),
  )
  const sorted = tookMs.sort((a, b) => a - b)
  return {
    meanwhile: done,
    sent: sentAt.size,
    p99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN),
  }
}

async function siege(port: number, villains: Person[]): Promise<CrowdReport> {
  const given = [port, hostile.sockets, hostile.forMs].map(String)
  const crowd = spawn(
    process.execPath,
    [`${import.meta.dirname}/../hostile-crowd.ts`, ...given, ...villains.map(({ cookie }) => cookie)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return JSON.parse(await text(crowd.stdout)) as CrowdReport
}
