import type { Ack, ServerEvents } from '#server/protocol/socket.ts'
import type { StreamBye } from '#server/protocol/streams.ts'
import type { ClientEvent } from './client.ts'
import { ParseCache } from './frame-reader.ts'

/** A packet from the server, as far as a client of one stream needs it; `next` is the cursor to continue from. */
export type SocketPacket =
  | { type: 'open'; pingInterval: number; pingTimeout: number }
  | { type: 'connected' | 'ping' | 'other' }
  | { type: 'ack'; ack: Ack<'follow'> }
  | { type: 'heard'; heard: ClientEvent[]; next: string }
  | ({ type: 'bye' } & StreamBye)

/** Parses a packet of Engine.IO 4 that carries Socket.IO 5, from the bytes of its frame. */
export function packetIn(bytes: Buffer): SocketPacket {
  return packets.said(bytes)
}

const packets = new ParseCache((bytes) => read(bytes.toString()))

function read(text: string): SocketPacket {
  if (text === '2') return { type: 'ping' }
  if (text.startsWith('0')) return { type: 'open', ...JSON.parse(text.slice(1)) }
  if (text.startsWith('40')) return { type: 'connected' }
  if (text.startsWith('43')) return { type: 'ack', ack: JSON.parse(text.slice(text.indexOf('[')))[0] }
  return text.startsWith('42') ? eventIn(JSON.parse(text.slice(2))) : { type: 'other' }
}

type Event = { [Name in keyof ServerEvents]: [Name, ServerEvents[Name]] }[keyof ServerEvents]

function eventIn([name, event]: Event): SocketPacket {
  switch (name) {
    case 'entries': {
      const epoch = event.next.slice(0, event.next.indexOf('.'))
      const heard = event.entries.map(
        (entry): ClientEvent => ({ type: 'entry', entry, cursor: `${epoch}.${entry.seq}` }),
      )
      return { type: 'heard', heard, next: event.next }
    }
    case 'reset':
      return {
        type: 'heard',
        heard: [{ type: 'reset', head: event.head, reason: event.reason }],
        next: event.head,
      }
    case 'unfollowed':
      return { type: 'bye', reason: event.reason, retryMs: 0 }
    case 'bye':
      return { type: 'bye', ...event }
    default:
      return { type: 'other' }
  }
}
