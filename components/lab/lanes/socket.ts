import { browserClock, within } from '#components/live/clock.ts'
import { connector, type Packet } from '#components/live/open-socket.ts'
import { fullJitterMs } from '#server/protocol/reconnect.ts'
import { seqsOf } from './ask-page.ts'
import type { LaneEvent, LaneGoing, OpenLane, WireLine } from './lane.ts'

type Place = { cursor?: string }

const openingMs = 10_000
/** Of Engine.IO. */
const ping = '2'

/** WebSocket: Socket.IO's own client, one connection after the other. That one is dead, Engine.IO notices by its pings. */
export const followBySocket: OpenLane = async (going, tell, signal) => {
  const place: Place = {}
  let failures = 0
  while (!signal.aborted) {
    const stood = await holdSocket(place, going, tell, signal)
    if (signal.aborted) return
    tell({ type: 'lost', atMs: going.now() })
    failures = stood ? 1 : failures + 1
    await browserClock.sleep(fullJitterMs(failures), signal)
  }
}

/** One connection, until it ends; whether it has stood. */
async function holdSocket(
  place: Place,
  { origin, stream, now }: LaneGoing,
  tell: (event: LaneEvent) => void,
  left: AbortSignal,
): Promise<boolean> {
  const opened = Promise.withResolvers<'opened'>()
  const closed = Promise.withResolvers<'closed'>()
  // The packet is heard as it came before it is heard as what it says.
  let newest: WireLine | undefined
  const hear = (packet: Packet) => {
    if (packet.type !== 'packet') return
    newest = lineOf(packet, now())
    const { atMs } = newest
    tell({ type: 'line', atMs, line: newest })
    if (packet.text === ping) tell({ type: 'beat', atMs })
    if (packet.direction === 'sent') tell({ type: 'said', atMs })
  }
  const atMs = now()
  const upgrade = `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\nConnection: Upgrade\nUpgrade: websocket\n`
  tell({ type: 'asked', atMs })
  tell({ type: 'line', atMs, line: { atMs, direction: 'up', text: upgrade } })
  const connection = connector({ origin, note: hear })({
    upgraded: () => undefined,
    opened: () => opened.resolve('opened'),
    event({ name, data }) {
      const heardMs = now()
      if (name === 'entries') {
        const seqs = seqsOf(data.entries)
        if (newest && seqs) newest.seqs = seqs
        place.cursor = data.next
        tell({ type: 'entries', atMs: heardMs, entries: data.entries })
      }
      if (name === 'reset') {
        place.cursor = data.head
        tell({ type: 'reset', atMs: heardMs, headSeq: Number(data.head.slice(data.head.indexOf('.') + 1)) })
      }
    },
    closed: () => closed.resolve('closed'),
  })
  try {
    const first = await within(Promise.race([opened.promise, closed.promise]), openingMs, browserClock, left)
    if (first !== 'opened') return false
    connection.send('follow', { stream, ...(place.cursor && { after: place.cursor }) }, (ack) => {
      if (ack.ok) tell({ type: 'open', atMs: now() })
      else closed.resolve('closed')
    })
    await within(closed.promise, Number.POSITIVE_INFINITY, browserClock, left)
    return true
  } finally {
    connection.close()
  }
}

function lineOf({ direction, text }: Extract<Packet, { type: 'packet' }>, atMs: number): WireLine {
  return { atMs, direction: direction === 'sent' ? 'up' : 'down', text }
}
