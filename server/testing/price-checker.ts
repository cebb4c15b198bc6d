import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientEvent, Listen } from './deliveries.ts'
import type { Person } from './person.ts'

/** What a client has been told of a stream, proved to be without a silent gap: `entries` since the last reset, in a row. */
export type Account = { entries: number; resets: string[]; cursor: string | undefined }

/**
 * Goes through all that a client heard. Throws unless each entry follows the one before it, or the head of a reset, in
 * the same epoch; what follows a reset begins anew.
 */
export function accountOf(heard: readonly ClientEvent[]): Account {
  const resets: string[] = []
  let cursor: string | undefined
  let entries = 0
  for (const event of heard) {
    if (event.type === 'reset') {
      resets.push(event.reason)
      cursor = event.head
    } else if (event.type === 'entry') {
      const [epoch, seq] = partsOf(event.cursor)
      const [before, last] = partsOf(cursor ?? `${epoch}.${seq - 1}`)
      assert.deepEqual([epoch, seq], [before, last + 1], `${event.cursor} after ${cursor}`)
      cursor = event.cursor
      entries += 1
    } else assert.fail(JSON.stringify(event))
  }
  return { entries, resets, cursor }
}

/** All that a client hears that comes back after whatever ends it, from the cursor that it has, until it is stopped. */
export function hearOn(
  listen: Listen,
  person: Person,
  stream: string,
): { heard: ClientEvent[]; stop(): Promise<void> } {
  const heard: ClientEvent[] = []
  let events: ReturnType<Listen> | undefined
  let isStopped = false
  let after: string | undefined

  async function run() {
    while (!isStopped) {
      events = listen(person, stream, after)
      for await (const event of events) {
        if (event.type === 'refused') {
          assert.ok(event.status === 503, JSON.stringify(event))
          break
        }
        after = event.type === 'entry' ? event.cursor : event.head
        heard.push(event)
        if (isStopped) break
      }
      await pause(100)
    }
  }

  const running = run()
  return {
    heard,
    async stop() {
      isStopped = true
      // Whoever waits for something new is woken by the next price.
      await running
    },
  }
}

function partsOf(cursor: string): [epoch: string, seq: number] {
  const [epoch = '', seq] = cursor.split('.')
  return [epoch, Number(seq)]
}
