import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClientEvent, Listen } from './deliveries.ts'
import type { Person } from './person.ts'

/**
 * What a client has received of a stream, checked to have no silent gap: `entries` since the last reset, consecutive.
 */
export type Account = { entries: number; resets: string[]; cursor: string | undefined }

/**
 * Checks all that a client received. Throws unless each entry follows the one before it, or the head of a reset, in the
 * same epoch; the count restarts after a reset.
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

/** Everything received by a client that reconnects from its cursor, whatever ends it, until stopped. */
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
      // The next price wakes whoever is waiting.
      await running
    },
  }
}

function partsOf(cursor: string): [epoch: string, seq: number] {
  const [epoch = '', seq] = cursor.split('.')
  return [epoch, Number(seq)]
}
