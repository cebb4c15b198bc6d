import { formatCount } from '#components/ui/format.ts'
import type { RecordedPacket } from './recorded-packet.ts'

/** What a packet is called in the list where its text does not say so: `2` is a ping. */
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

/** What a packet is for, in a sentence; undefined when it speaks for itself. */
export function packetNote(packet: RecordedPacket): string | undefined {
  const { kind, name = '', direction } = packet
  switch (kind) {
    case 'open':
      return 'Engine.IO: what the connection is called, and how often the server will ask for a sign of life'
    case 'ping':
      return 'the server asks for a sign of life'
    case 'pong':
      return 'a sign of life: without it the server would let the connection go'
    case 'connect':
      return direction === 'sent'
        ? 'asks for the default namespace'
        : 'the default namespace is open: events may pass'
    case 'refused':
      return 'the server has refused the namespace'
    case 'event':
      return direction === 'sent' ? commandNote(packet) : eventNotes[name]
    default:
      return undefined
  }
}

const eventNotes: Record<string, string> = {
  entries: 'in the order of the log, each once; next is the cursor to go on from after a cut',
  reset: 'the cursor leads nowhere; the stream goes on from head, and entries may be missing',
  unfollowed: 'no entry of this stream will come any more',
  bye: 'the server is about to end the connection, and says why and when to come back',
  ticks: 'the latest of every instrument that has changed; what it has overtaken is never sent',
  typing: 'in no log: whoever misses it misses nothing',
  presence: 'everybody who has the room open now, at every change',
  read: 'to all connections of this reader',
}

const safeAgain = ['chat:send', 'order:place']

function commandNote({ name = '', ackId, answer, unanswered }: RecordedPacket): string | undefined {
  if (answer) return undefined
  if (ackId === undefined) return 'asks for no acknowledgement'
  if (!unanswered) return 'not yet acknowledged'
  return safeAgain.includes(name)
    ? 'the line went before the acknowledgement came: whether it was committed is not known, and sending the same again is safe'
    : 'the line went before the acknowledgement came'
}

const commits = ['chat:send', 'chat:read', 'order:place', 'order:cancel']

/** What an acknowledgement says of its command, and how much later it came. */
export function ackNote(command: RecordedPacket, ack: RecordedPacket): string {
  const later = `${formatCount(command.answer?.tookMs ?? 0)} ms later`
  if (!ack.text.includes('"ok":true')) return `${later}: refused, and nothing has happened`
  if (commits.includes(command.name ?? '')) return `${later}: first committed, then acknowledged`
  if (command.name === 'follow') return `${later}: followed; entries after the cursor come by themselves`
  if (command.name === 'prices:watch') return `${later}: the prices as they stand; from here on ticks`
  return `${later}: acknowledged`
}
