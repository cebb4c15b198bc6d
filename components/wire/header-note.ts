import { type Exchange, headerOf } from './exchange.ts'

/** What a header means in this very exchange, in a few words; undefined when it speaks for itself. */
export function headerNote(exchange: Exchange, side: 'sent' | 'received', name: string): string | undefined {
  const { outcome, sent, waitSeconds } = exchange
  const same = outcome.state === 'answered' && outcome.status === 304
  switch (name) {
    case 'accept':
      return 'the same URL answers polls: this asks for a stream'
    case 'last-event-id':
      return 'the last id that this page has: the stream goes on right after it'
    case 'content-type':
      return exchange.stream && 'one answer, as long as the connection lives'
    case 'x-accel-buffering':
      return 'nginx passes each frame on at once'
    case 'if-none-match':
      return 'what this page holds already'
    case 'prefer':
      return `hold the answer, up to ${waitSeconds} s, until there is news`
    case 'idempotency-key':
      return 'made once; a retry sends the same, so it happens once'
    case 'preference-applied':
      return 'the server held it'
    case 'etag': {
      const value = outcome.state === 'answered' ? headerOf(outcome.headers, name) : undefined
      if (same && value === headerOf(sent, 'if-none-match')) return 'still the same cursor: no body'
      return value && cursorNote(value)
    }
    case 'retry-after':
      if (exchange.listens) return 'when to come back'
      return exchange.waitSeconds > 0 ? 'for a short poll; a held one follows at once' : "the server's advice"
    case 'cache-control':
      return exchange.stream
        ? 'nothing between may keep it, or compress it and wait for more'
        : 'may be kept, must be asked again'
    case 'x-request-id':
      return side === 'received' ? "the same in the server's log" : undefined
    case 'idempotent-replayed':
      return 'the first answer again; nothing happened twice'
    default:
      return undefined
  }
}

function cursorNote(etag: string): string | undefined {
  const cursor = /^(?:W\/)?"([0-9a-z]+)\.(\d+)/.exec(etag)
  return cursor ? `epoch ${cursor[1]}, entry ${cursor[2]}: the new cursor` : undefined
}
