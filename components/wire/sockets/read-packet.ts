/** The kind of a packet, by its leading digits: Engine.IO's own, or what Socket.IO put into a message. */
type PacketKind =
  | 'open'
  | 'close'
  | 'ping'
  | 'pong'
  | 'upgrade'
  | 'noop'
  | 'connect'
  | 'disconnect'
  | 'event'
  | 'ack'
  | 'refused'
  | 'unknown'

/** A parsed packet: `42` is `head`, `1` the `ackId` of `421[…]`, `name` an event's, `json` everything that follows. */
export type ReadPacket = { kind: PacketKind; head: string; ackId?: number; name?: string; json: string }

const engineKinds: Record<string, PacketKind> = {
  0: 'open',
  1: 'close',
  2: 'ping',
  3: 'pong',
  5: 'upgrade',
  6: 'noop',
}

/** The last two are an event and an acknowledgement with parts that follow as binary messages. */
const socketKinds: Record<string, PacketKind> = {
  0: 'connect',
  1: 'disconnect',
  2: 'event',
  3: 'ack',
  4: 'refused',
  5: 'event',
  6: 'ack',
}

/** Type, number of binary parts, namespace, ack id, JSON. */
const message = /^4(?<type>[0-6])(?:\d+-)?(?:\/[^,]*,)?(?<id>\d*)/

/** Parses a packet as it was on the wire; never throws, whatever the text. */
export function readPacket(text: string): ReadPacket {
  const found = message.exec(text)
  const { type = '', id = '' } = found?.groups ?? {}
  const kind = socketKinds[type]
  if (!found || !kind) {
    return { kind: engineKinds[text.charAt(0)] ?? 'unknown', head: text.slice(0, 1), json: text.slice(1) }
  }
  const json = text.slice(found[0].length)
  return {
    kind,
    head: found[0].slice(0, found[0].length - id.length),
    ...(id && { ackId: Number(id) }),
    ...(kind === 'event' && { name: /^\["([^"\\]*)"/.exec(json)?.[1] }),
    json,
  }
}

/** What a list of packets can be filtered by. */
export type PacketGroup = 'entries' | 'commands' | 'ticks' | 'pings' | 'other'

const ofStreams = ['entries', 'reset', 'unfollowed', 'bye']

/** The group of a packet. An event sent by a client is a command, and its acknowledgement belongs to it. */
export function packetGroupOf({ kind, name = '' }: ReadPacket, direction: 'sent' | 'received'): PacketGroup {
  if (kind === 'ping' || kind === 'pong') return 'pings'
  if (kind === 'ack' || (kind === 'event' && direction === 'sent')) return 'commands'
  if (kind !== 'event') return 'other'
  if (name === 'ticks') return 'ticks'
  return ofStreams.includes(name) ? 'entries' : 'other'
}
