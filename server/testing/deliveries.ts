import { setTimeout as pause } from 'node:timers/promises'
import { type Problem, type StreamReset, slugOf, type WireEntry, type WirePage } from '#server/protocol.ts'
import { eventStream } from './event-stream.ts'
import { eventually } from './eventually.ts'
import type { Person } from './person.ts'
import { refusedUpgrade } from './raw-socket.ts'
import { socketClient } from './socket-client.ts'

/** What a client hears, whichever delivery brings it. `cursor` is the place after the entry. */
export type Heard =
  | { type: 'entry'; entry: WireEntry; cursor: string }
  | { type: 'reset'; head: string; reason: string }
  | { type: 'refused'; status: number; slug: string }

/** Opens `stream` after a cursor as this person and gives all that comes, for as long as it is asked for more. */
export type Listen = (person: Person, stream: string, after?: string) => AsyncGenerator<Heard, undefined>

/** The deliveries that keep the contract; one more is one more row. */
export const deliveries: { name: string; listen: Listen }[] = [
  { name: 'short poll', listen: polling({}, { cadenceMs: 10 }) },
  { name: 'long poll', listen: polling({ prefer: 'wait=20' }, { cadenceMs: 0 }) },
  { name: 'event stream', listen: streaming },
  { name: 'socket', listen: emitting },
]

/** Reconnects when the server ends the stream, from the last id, as an `EventSource` does. */
async function* streaming(person: Person, stream: string, after?: string): AsyncGenerator<Heard, undefined> {
  let lastEventId: string | undefined
  for (;;) {
    const source = await eventStream(person, stream, lastEventId === undefined ? { after } : { lastEventId })
    const { status } = source.answer
    if (status !== 200) {
      yield { type: 'refused', status, slug: slugOf((await source.answer.json()) as Problem) }
      return undefined
    }
    try {
      for await (const { id, event, data } of source) {
        lastEventId = id ?? lastEventId
        if (event === 'reset') yield { type: 'reset', ...(JSON.parse(data) as StreamReset) }
        else if (event === undefined) yield { type: 'entry', entry: JSON.parse(data), cursor: id ?? '' }
      }
    } finally {
      await source.close()
    }
  }
}

/** Reconnects when the server ends the connection, from the last cursor, as our own page does. */
async function* emitting(person: Person, stream: string, after?: string): AsyncGenerator<Heard, undefined> {
  let cursor = after
  for (;;) {
    const socket = await socketClient(person, person).catch(() => undefined)
    const ack = await socket?.command('follow', { stream, ...(cursor !== undefined && { after: cursor }) })
    if (!socket || !ack?.ok) {
      const refused = ack && !ack.ok ? ack.problem : undefined
      const problem = refused ?? ((await (await refusedUpgrade(person.port, person)).json()) as Problem)
      yield { type: 'refused', status: problem.status, slug: slugOf(problem) }
      return undefined
    }
    try {
      for (let taken = 0; ; taken += 1) {
        const told = await eventually(
          () => socket.heard[taken] ?? (socket.socket.connected ? undefined : 'gone'),
        )
        if (told === 'gone') break
        if (told.name === 'reset') {
          cursor = told.event.head
          yield { type: 'reset', head: told.event.head, reason: told.event.reason }
        }
        if (told.name !== 'entries') continue
        const [epoch] = told.event.next.split('.')
        for (const entry of told.event.entries)
          yield { type: 'entry', entry, cursor: `${epoch}.${entry.seq}` }
        cursor = told.event.next
      }
    } finally {
      socket.close()
    }
  }
}

function polling(headers: Record<string, string>, { cadenceMs }: { cadenceMs: number }): Listen {
  return async function* (person, stream, after) {
    let cursor = after
    for (;;) {
      const query = cursor === undefined ? '' : `?after=${cursor}`
      const answer = await person.get(`/api/streams/${stream}${query}`, headers)
      if (answer.status === 200) {
        const page = (await answer.json()) as WirePage
        const [epoch] = page.next.split('.')
        for (const entry of page.entries) yield { type: 'entry', entry, cursor: `${epoch}.${entry.seq}` }
        cursor = page.next
        if (page.entries.length === 0) await pause(cadenceMs)
      } else if (answer.status === 410) {
        const { head = '', reason = '' } = (await answer.json()) as Problem
        yield { type: 'reset', head, reason }
        cursor = head
      } else if (answer.status !== 204) {
        yield { type: 'refused', status: answer.status, slug: slugOf((await answer.json()) as Problem) }
        return undefined
      }
    }
  }
}
