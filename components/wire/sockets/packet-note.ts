import { formatCount } from '#components/ui/format.ts'
import type { RecordedPacket } from './recorded-packet.ts'

/** The name of a packet in the list where its text does not give one: `2` is a ping. */
export const packetWords: Partial<Record<RecordedPacket['kind'], string>> = {
  open: 'open',
  close: 'close',
  ping: 'ping',
  pong: 'pong',
  upgrade: 'upgrade',
  noop: 'noop',
  connect: 'connect',
  disconnect: 'disconnect',
  refused: 'connect refused',
}

/** What a packet is for, in a sentence; undefined when it is self-explanatory. */
export function packetNote(packet: RecordedPacket): string | undefined {
  const { kind, name = '', direction } = packet
  switch (kind) {
    case 'open':
      return 'Engine.IO: the connection’s ID and how often the server will ping'
    case 'ping':
      return 'the server checks that the connection is alive'
    case 'pong':
      return 'the reply; without it the server would close the connection'
    case 'connect':
      return direction === 'sent'
        ? 'requests the default namespace'
        : 'the default namespace is open; events can flow'
    case 'refused':
      return 'the server refused the namespace'
    case 'event':
      return direction === 'sent' ? commandNote(packet) : eventNotes[name]
    default:
      return undefined
  }
}

const eventNotes: Record<string, string> = {
  entries: 'in log order, each once; next is the cursor to resume from after a disconnect',
  reset: 'the cursor can’t be resumed; the stream continues from head, and entries may be missing',
  unfollowed: 'no more entries of this stream will arrive',
  bye: 'the server is about to close the connection; says why and when to reconnect',
  ticks: 'the latest price of each instrument that changed; outdated prices are never sent',
  typing: 'not logged; missing one does no harm',
  presence: 'everyone who has the room open; sent on every change',
  read: 'to all of this user’s connections',
}

const safeAgain = ['chat:send', 'order:place']

function commandNote({ name = '', ackId, answer, unanswered }: RecordedPacket): string | undefined {
  if (answer) return undefined
  if (ackId === undefined) return 'doesn’t request an acknowledgement'
  if (!unanswered) return 'not acknowledged yet'
  return safeAgain.includes(name)
    ? 'the connection was lost before the acknowledgement; it may have been committed, and it’s safe to send again'
    : 'the connection was lost before the acknowledgement'
}

const commits = ['chat:send', 'chat:read', 'order:place', 'order:cancel']

/** What an acknowledgement says about its command, and how much later it came. */
export function ackNote(command: RecordedPacket, ack: RecordedPacket): string {
  const later = `${formatCount(command.answer?.tookMs ?? 0)} ms later`
  if (!ack.text.includes('"ok":true')) return `${later}: refused; nothing was changed`
  if (commits.includes(command.name ?? '')) return `${later}: committed, then acknowledged`
  if (command.name === 'follow') return `${later}: followed; entries after the cursor are pushed`
  if (command.name === 'prices:watch') return `${later}: current prices; ticks follow`
  return `${later}: acknowledged`
}
