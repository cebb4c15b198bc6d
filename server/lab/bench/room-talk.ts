import { setTimeout as pause } from 'node:timers/promises'
import { socketPath } from '#server/protocol/socket.ts'
import { epochMs } from './arms/market.ts'
import type { Borrower } from './borrowers.ts'
import { percentiles } from './crowd.ts'
import type { Server } from './servers.ts'
import type { Column } from './turns.ts'
import { admitWatchers, type Watcher } from './watcher.ts'

/** How a room was talked in. */
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
export const members = 100
const senders = 16
const patienceMs = 10_000
const engine = `${socketPath}?EIO=4&transport=websocket`

export const talkColumns: Column<Talk>[] = [
  { head: 'messages/s', of: (each) => each.messagesPerSecond, compared: true },
  { head: 'acknowledged p50', of: (each) => each.ackP50Ms, digits: 1, unit: 'ms', compared: true },
  { head: 'p99', of: (each) => each.ackP99Ms, unit: 'ms', compared: true },
  { head: 'all have it p50', of: (each) => each.allP50Ms, digits: 1, unit: 'ms', compared: true },
  { head: 'its p99', of: (each) => each.allP99Ms, unit: 'ms' },
  { head: 'lost', of: (each) => each.lost, isFault: true },
  { head: 'twice', of: (each) => each.twice, isFault: true },
]

/** A room of `people`, each on a socket of their own; sixteen of them talk, at a pace where one is given. */
export async function openTalk(server: Server, people: Borrower[]): Promise<(pace: Pace) => Promise<Talk>> {
  const roomId = await openRoom(server.port, people.slice(0, members))
  return (pace) => talk(server.port, roomId, people, pace)
}

type Pace = { forMs: number; perSecond?: number }

async function talk(
  port: number,
  roomId: string,
  people: Borrower[],
  { forMs, perSecond }: Pace,
): Promise<Talk> {
  const shown = countShown()
  const { ackMs, send, ack } = messageSender()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const tally = { frame: shown.take, ack, failed: failure.reject }
  const watchers = await admitWatchers(port, members, entranceOf(roomId, people), tally)

  const startedAt = performance.now()
  const talking =
    perSecond === undefined
      ? Promise.all(watchers.slice(0, senders).map((watcher) => sendOn(() => send(watcher, roomId), forMs)))
      : sendAtPace((nth) => send(watchers[nth % senders], roomId), perSecond, forMs)
  await Promise.race([talking, failure.promise])
  const tookMs = performance.now() - startedAt
  const sent = ackMs.length
  // What has not come after a while is lost.
  for (let waitedMs = 0; waitedMs < patienceMs && !shown.isComplete(sent, members); waitedMs += 20) {
    await Promise.race([pause(20), failure.promise])
  }
  for (const watcher of watchers) watcher.close()

  const all = shown.all()
  const [acked, reached] = [percentiles(ackMs), percentiles(all.map(({ lastAtMs, atMs }) => lastAtMs - atMs))]
  return {
    messagesPerSecond: (sent * 1_000) / tookMs,
    ackP50Ms: acked.p50Ms,
    ackP99Ms: acked.p99Ms,
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

/** Makes a room with all these people in it, over HTTP; its id. */
export async function openRoom(port: number, [owner, ...others]: Borrower[]): Promise<string> {
  const ask = (method: string, path: string, cookie: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const made = await ask('POST', '/api/rooms', owner?.cookie ?? '', { name: 'Bench', visibility: 'public' })
  const { id } = (await made.json()) as { id: string }
  for (const { cookie } of others) {
    const joined = await ask('PUT', `/api/rooms/${id}/membership`, cookie)
    if (!joined.ok) throw new Error(`Could not join: ${joined.status}`)
    await joined.body?.cancel()
  }
  return id
}

/** A message: the time of its entry, how many were shown it, when the last of them was, and how often to somebody again. */
type Shown = { atMs: number; count: number; lastAtMs: number; twice: number }

type ShownMessages = {
  take(member: number, bytes: Buffer): void
  /** Whether `sent` messages have reached `members` each. */
  isComplete(sent: number, members: number): boolean
  all(): Shown[]
}

type Entry = { seq: number; type: string; at: string }

const batch = Buffer.from('42["entries",')

/** Counts to how many members each message of a room has been shown. What is sent to all alike is read once. */
function countShown(): ShownMessages {
  const shown = new Map<number, Shown>()
  const newest = new Map<number, number>()
  let latest: { bytes: Buffer; entries: Entry[] } = { bytes: Buffer.alloc(0), entries: [] }

  function entriesIn(bytes: Buffer): Entry[] {
    if (!bytes.subarray(0, batch.length).equals(batch)) return []
    if (!bytes.equals(latest.bytes)) {
      const { entries } = JSON.parse(bytes.toString('utf8', batch.length, bytes.length - 1))
      latest = { bytes: Buffer.from(bytes), entries }
    }
    return latest.entries
  }

  return {
    take(member, bytes) {
      for (const { seq, type, at } of entriesIn(bytes)) {
        if (type !== 'message.sent') continue
        const one = shown.get(seq) ?? { atMs: Date.parse(at), count: 0, lastAtMs: 0, twice: 0 }
        shown.set(seq, one)
        if (seq <= (newest.get(member) ?? 0)) one.twice += 1
        newest.set(member, seq)
        one.count += 1
        one.lastAtMs = epochMs()
      }
    },
    isComplete: (sent, members) =>
      shown.size >= sent && [...shown.values()].every(({ count }) => count >= members),
    all: () => [...shown.values()],
  }
}

/** How long the acknowledgement of each message took, in ms, of those that were sent so far. */
type Messages = {
  ackMs: number[]
  send(from: Watcher | undefined, roomId: string): Promise<void>
  /** Hears an acknowledgement. */
  ack(text: string): void
}

/** Sends messages by hand. One that is refused is an error. */
export function messageSender(): Messages {
  const waiting = new Map<number, (ok: boolean) => void>()
  const ackMs: number[] = []
  let sent = 0
  return {
    ackMs,
    async send(from, roomId) {
      sent += 1
      const id = sent
      const sentAt = performance.now()
      const acknowledged = Promise.withResolvers<boolean>()
      waiting.set(id, acknowledged.resolve)
      const message = { roomId, clientId: crypto.randomUUID(), body: 'Shall we say Thursday, half past ten?' }
      from?.socket.send(`42${id}${JSON.stringify(['chat:send', message])}`)
      if (!(await acknowledged.promise)) throw new Error('A message was refused')
      waiting.delete(id)
      ackMs.push(performance.now() - sentAt)
    },
    ack(text) {
      const [, id = '', ok] = /^43(\d+)\[\{"ok":(true)?/.exec(text) ?? []
      waiting.get(Number(id))?.(ok === 'true')
    },
  }
}

/** One after the other, each when the one before was acknowledged. */
export async function sendOn(send: () => Promise<void>, forMs: number): Promise<void> {
  const until = performance.now() + forMs
  while (performance.now() < until) await send()
}

/** So many a second, whether the ones before were acknowledged or not. */
async function sendAtPace(
  send: (nth: number) => Promise<void>,
  perSecond: number,
  forMs: number,
): Promise<void> {
  const startedAt = performance.now()
  const sending: Promise<void>[] = []
  for (let nth = 0; (nth * 1_000) / perSecond < forMs; nth += 1) {
    await pause(Math.max(0, startedAt + (nth * 1_000) / perSecond - performance.now()))
    sending.push(send(nth))
  }
  await Promise.all(sending)
}
