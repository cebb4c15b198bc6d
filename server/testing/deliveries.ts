import { setTimeout as pause } from 'node:timers/promises'
import { type Problem, type StreamReset, slugOf, type WireEntry, type WirePage } from '#server/protocol.ts'
import { eventStream } from './event-stream.ts'
import type { Person } from './person.ts'

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
