export type { Message } from './outbox.ts'

import type { Message } from './outbox.ts'

/** Postgres refuses payloads of 8,000 bytes or more. */
const mostPayloadBytes = 7_900
const roomBytes = mostPayloadBytes - 40
/** The longest message may take six times its bytes as ASCII. */
const mostJoinedBytes = 400_000

/**
 * Packs messages into as few payloads as possible; a message too long for one is split over several.
 *
 * A payload is `<node> <number><mark><text>`: JSON in ASCII, so that characters are bytes, with `+` if it continues in
 * the next payload and `.` if it is complete. The number keeps payloads distinct, because Postgres merges equal ones of
 * a transaction.
 */
export function createPacker(node: string): (messages: readonly Message[]) => string[] {
  let number = 0

  function payload(mark: '+' | '.', text: string): string {
    number += 1
    return `${node} ${number}${mark}${text}`
  }

  return (messages) => {
    const payloads: string[] = []
    let packed: string[] = []
    let length = 0
    function flush() {
      const text = `[${packed.join(',')}]`
      for (let at = 0; packed.length > 0 && at < text.length; at += roomBytes) {
        payloads.push(payload(at + roomBytes < text.length ? '+' : '.', text.slice(at, at + roomBytes)))
      }
      packed = []
      length = 0
    }
    for (const message of messages) {
      const text = ascii(JSON.stringify(message))
      if (length + text.length + 2 > roomBytes) flush()
      packed.push(text)
      length += text.length + 1
    }
    flush()
    return payloads
  }
}

function ascii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * Returns the messages of other nodes that a payload completes. Anyone on the database can notify, so malformed
 * payloads are ignored. Postgres delivers the payloads of one transaction consecutively.
 */
export function createUnpacker(node: string): (payload: string) => Message[] {
  let from = ''
  let joined = ''

  return (payload) => {
    const [, sender = '', mark, text = ''] = /^([a-z0-9]+) \d+([+.])(.*)$/s.exec(payload) ?? []
    if (mark === undefined || sender === node) return []
    if (from !== sender || joined.length > mostJoinedBytes) joined = ''
    from = sender
    joined += text
    if (mark === '+') return []
    const complete = joined
    joined = ''
    return messagesIn(complete)
  }
}

function messagesIn(json: string): Message[] {
  try {
    const messages: unknown = JSON.parse(json)
    return Array.isArray(messages) ? messages.filter(isMessage) : []
  } catch {
    return []
  }
}

function isMessage(value: unknown): value is Message {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}
