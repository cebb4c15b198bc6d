import { setTimeout as pause } from 'node:timers/promises'
import { socketPath } from '#server/protocol/socket.ts'
import { openRoom } from './bench-room.ts'
import type { Borrower } from './borrowers.ts'
import type { Server } from './core.ts'
import { percentiles } from './crowd.ts'
import { median } from './median.ts'
import { messagesTo, sendAtPace, sendOn } from './messages.ts'
import { countShown } from './shown.ts'
import { letIn } from './watcher.ts'

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
const patienceMs = 10_000
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

async function talk(
  port: number,
  roomId: string,
  people: Borrower[],
  { forMs, perSecond }: { forMs: number; perSecond?: number },
): Promise<Talk> {
  const shown = countShown()
  const { ackMs, send, ack } = messagesTo(roomId)
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const tally = { frame: shown.take, ack, failed: failure.reject }
  const watchers = await letIn(port, members, entranceOf(roomId, people), tally)

  const startedAt = performance.now()
  const talking =
    perSecond === undefined
      ? Promise.all(watchers.slice(0, senders).map((watcher) => sendOn(() => send(watcher), forMs)))
      : sendAtPace((nth) => send(watchers[nth % senders]), perSecond, forMs)
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
