import { setTimeout as pause } from 'node:timers/promises'
import { socketPath } from '#server/protocol/socket.ts'
import type { Borrower } from './borrowers.ts'
import type { Server } from './core.ts'
import { percentiles } from './crowd.ts'
import { epochMs } from './made-tick.ts'
import { median } from './median.ts'
import { letIn, type Watcher } from './watcher.ts'

/** How a room is talked in: at a pace, or as fast as acknowledgements come. */
export type Talk = {
  messagesPerSecond: number
  ackP50Ms: number
  ackP99Ms: number
  /** From the entry's `at`, in the transaction that commits it, until the last member has it. */
  allP50Ms: number
  allP99Ms: number
  lost: number
  twice: number
}
export type TalkNames = 'paced' | 'flat out'

const members = 100
const senders = 16
const pace = 50
const engine = `${socketPath}?EIO=4&transport=websocket`

/** 100 members of one room, each on a socket of their own; sixteen of them talk. */
export async function talkInRoom(
  server: Server,
  people: Borrower[],
  { rounds, forMs }: { rounds: number; forMs: number },
): Promise<Record<TalkNames, Talk>> {
  const roomId = await openRoom(server.port, people.slice(0, members))
  const talks: Record<TalkNames, Talk[]> = { paced: [], 'flat out': [] }
  for (let round = 0; round < rounds; round += 1) {
    talks.paced.push(await talk(server.port, roomId, people, { forMs, perSecond: pace }))
    talks['flat out'].push(await talk(server.port, roomId, people, { forMs: forMs / 2 }))
  }
  return { paced: mediansOf(talks.paced), 'flat out': mediansOf(talks['flat out']) }
}

async function openRoom(port: number, people: Borrower[]): Promise<string> {
  const ask = (method: string, path: string, cookie: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const [owner, ...others] = people
  const made = await ask('POST', '/api/rooms', owner?.cookie ?? '', { name: 'Bench', visibility: 'public' })
  const { id } = (await made.json()) as { id: string }
  for (const { cookie } of others) {
    const joined = await ask('PUT', `/api/rooms/${id}/membership`, cookie)
    if (!joined.ok) throw new Error(`Could not join: ${joined.status}`)
    await joined.body?.cancel()
  }
  return id
}

type Shown = { atMs: number; count: number; lastAt: number; twice: number }

async function talk(
  port: number,
  roomId: string,
  people: Borrower[],
  { forMs, perSecond }: { forMs: number; perSecond?: number },
): Promise<Talk> {
  const shown = new Map<number, Shown>()
  const last = new Map<number, number>()
  const acks = new Map<number, (ok: boolean) => void>()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const watchers = await letIn(port, members, entranceOf(roomId, people), {
    frame(nth, bytes) {
      for (const { seq, type, at } of entriesIn(bytes)) {
        if (type !== 'message.sent') continue
        const one = shown.get(seq) ?? { atMs: Date.parse(at), count: 0, lastAt: 0, twice: 0 }
        shown.set(seq, one)
        if (seq <= (last.get(nth) ?? 0)) one.twice += 1
        last.set(nth, seq)
        one.count += 1
        one.lastAt = epochMs()
      }
    },
    ack(text) {
      const [, id = '', ok] = /^43(\d+)\[\{"ok":(true)?/.exec(text) ?? []
      acks.get(Number(id))?.(ok === 'true')
    },
    failed: failure.reject,
  })

  const ackMs: number[] = []
  let sent = 0
  async function send(watcher: Watcher | undefined) {
    sent += 1
    const id = sent
    const sentAt = performance.now()
    const ack = Promise.withResolvers<boolean>()
    acks.set(id, ack.resolve)
    const message = { roomId, clientId: crypto.randomUUID(), body: 'Shall we say Thursday, half past ten?' }
    watcher?.socket.send(`42${id}${JSON.stringify(['chat:send', message])}`)
    if (!(await ack.promise)) throw new Error('A message was refused')
    acks.delete(id)
    ackMs.push(performance.now() - sentAt)
  }

  const startedAt = performance.now()
  const talking =
    perSecond === undefined
      ? Promise.all(
          watchers.slice(0, senders).map((watcher) => sendOn(() => send(watcher), startedAt + forMs)),
        )
      : sendAtPace((nth) => send(watchers[nth % senders]), startedAt, perSecond, forMs)
  await Promise.race([talking, failure.promise])
  const tookMs = performance.now() - startedAt
  await Promise.race([everybodyHas(shown, sent), failure.promise])
  for (const watcher of watchers) watcher.close()

  const all = [...shown.values()]
  const [ack, reached] = [percentiles(ackMs), percentiles(all.map(({ lastAt, atMs }) => lastAt - atMs))]
  return {
    messagesPerSecond: (sent * 1_000) / tookMs,
    ackP50Ms: ack.p50Ms,
    ackP99Ms: ack.p99Ms,
    allP50Ms: reached.p50Ms,
    allP99Ms: reached.p99Ms,
    lost: sent * members - all.reduce((sum, { count, twice }) => sum + count - twice, 0),
    twice: all.reduce((sum, { twice }) => sum + twice, 0),
  }
}

function entranceOf(roomId: string, people: Borrower[]) {
  return {
    path: engine,
    greets: true,
    cookie: (nth: number) => people[nth]?.cookie,
    says: ['follow', { stream: `room:${roomId}`, after: 'now' }] as [string, unknown],
  }
}

const batch = Buffer.from('42["entries",')
let latest = { bytes: Buffer.alloc(0), entries: [] as { seq: number; type: string; at: string }[] }

/** Everybody is sent the same bytes: they are read once. */
function entriesIn(bytes: Buffer) {
  if (!bytes.subarray(0, batch.length).equals(batch)) return []
  if (!bytes.equals(latest.bytes)) {
    const { entries } = JSON.parse(bytes.toString('utf8', batch.length, bytes.length - 1))
    latest = { bytes: Buffer.from(bytes), entries }
  }
  return latest.entries
}

async function sendOn(send: () => Promise<void>, until: number): Promise<void> {
  while (performance.now() < until) await send()
}

async function sendAtPace(
  send: (nth: number) => Promise<void>,
  startedAt: number,
  perSecond: number,
  forMs: number,
): Promise<void> {
  const sending: Promise<void>[] = []
  for (let nth = 0; (nth * 1_000) / perSecond < forMs; nth += 1) {
    await pause(Math.max(0, startedAt + (nth * 1_000) / perSecond - performance.now()))
    sending.push(send(nth))
  }
  await Promise.all(sending)
}

const patienceMs = 10_000

/** Gives up after a while: what did not come is lost. */
async function everybodyHas(shown: Map<number, Shown>, sent: number): Promise<void> {
  for (const until = performance.now() + patienceMs; performance.now() < until; await pause(20)) {
    if (shown.size >= sent && [...shown.values()].every(({ count }) => count >= members)) return
  }
}

function mediansOf(talks: Talk[]): Talk {
  const middle = (figure: keyof Talk) => median(talks.map((talk) => talk[figure]))
  const sum = (figure: keyof Talk) => talks.reduce((total, talk) => total + talk[figure], 0)
  return {
    messagesPerSecond: middle('messagesPerSecond'),
    ackP50Ms: middle('ackP50Ms'),
    ackP99Ms: middle('ackP99Ms'),
    allP50Ms: middle('allP50Ms'),
    allP99Ms: middle('allP99Ms'),
    lost: sum('lost'),
    twice: sum('twice'),
  }
}
