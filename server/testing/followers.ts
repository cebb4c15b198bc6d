import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '#server/app.ts'
import type { OpenClient } from '#server/lab/clients/client.ts'
import { openEventStream } from '#server/lab/clients/event-stream.ts'
import { openLongPoll } from '#server/lab/clients/long-poll.ts'
import { openShortPoll } from '#server/lab/clients/short-poll.ts'
import { openSocketClient } from '#server/lab/clients/socket.ts'
import { eventually } from './eventually.ts'
import { append } from './kafka-nodes.ts'
import { type Person, signedInPerson } from './person.ts'
import type { TestApp } from './test-app.ts'

type Hooks = Pick<TestContext, 'after'>

/** A client that has followed a stream from its first entry. */
export type StreamFollower = {
  name: string
  stream: string
  /** The seqs received, in order. */
  seqs: number[]
  /** Other events: none, unless it had to start over. */
  others: string[]
}

/** The lab's client of each delivery at each gateway, on each person's own stream. */
export function followersOf(t: Hooks, people: readonly Person[], gateways: readonly App[]): StreamFollower[] {
  return people.flatMap(({ id, cookie }) =>
    gateways.flatMap(({ port }) =>
      Object.entries(clients).map(([name, open]) => {
        const stream = `user:${id}`
        const follower: StreamFollower = {
          name: `${name} of ${stream} at ${port}`,
          stream,
          seqs: [],
          others: [],
        }
        const client = open({ port, cookie, stream, pollMs: 50 }, (event) => {
          if (event.type === 'entry') follower.seqs.push(event.entry.seq)
          else follower.others.push(JSON.stringify(event))
        })
        t.after(() => client.close())
        return follower
      }),
    ),
  )
}

const clients: Record<string, OpenClient> = {
  'short poll': openShortPoll,
  'long poll': openLongPoll,
  'event stream': openEventStream,
  socket: openSocketClient,
}

/** People whose streams can be followed at each node. */
export function peopleAt(writer: TestApp, count: number): Promise<Person[]> {
  return Promise.all(Array.from({ length: count }, () => signedInPerson(writer)))
}

/** Writes to the streams in turn until stopped; exposes their heads. */
export function load(t: Hooks, writer: App, streams: readonly string[], everyMs = 15) {
  const heads = new Map<string, number>()
  let stopped = false
  async function write() {
    for (let n = 0; !stopped; n += 1) {
      const stream = streams[n % streams.length] ?? ''
      for (const { seq } of await append(writer, stream, [n])) heads.set(stream, seq)
      await pause(everyMs)
    }
  }
  const writing = write()
  const stop = async () => {
    stopped = true
    await writing
    return heads
  }
  t.after(stop)
  return { heads, stop }
}

/** Waits until each follower has reached the current head of its stream; returns how long that took, in ms. */
export async function atTheHead(
  followers: readonly StreamFollower[],
  heads: ReadonlyMap<string, number>,
): Promise<number> {
  const now = new Map(heads)
  const began = performance.now()
  await eventually(() => followers.every(({ stream, seqs }) => (seqs.at(-1) ?? 0) >= (now.get(stream) ?? 0)))
  return performance.now() - began
}

/** Asserts that each follower received every entry once, in order, and nothing else. */
export function assertComplete(
  followers: readonly StreamFollower[],
  heads: ReadonlyMap<string, number>,
): void {
  for (const { name, stream, seqs, others } of followers) {
    const head = heads.get(stream) ?? 0
    assert.deepEqual(
      seqs,
      Array.from({ length: head }, (_, before) => before + 1),
      name,
    )
    assert.deepEqual(others, [], name)
  }
}
