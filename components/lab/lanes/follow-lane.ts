import type { Client, Step } from '#components/live/clients/client.ts'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { longPoll } from '#components/live/clients/long-poll.ts'
import { shortPoll } from '#components/live/clients/short-poll.ts'
import { socket } from '#components/live/clients/socket.ts'
import { browserClock } from '#components/live/clock.ts'
import { keepConnected } from '#components/live/keep-connected.ts'
import { watchPage } from '#components/live/liveness.ts'
import { seqOf } from '#components/live/position.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { LaneEvent, LaneOptions } from './lane.ts'
import { type LaneWire, laneWire } from './lane-wire.ts'

/** The same clients that the pages use. */
const clients: Record<DeliveryName, (wire: LaneWire) => Client> = {
  short: () => shortPoll,
  long: () => longPoll,
  sse: () => eventStream,
  socket: ({ open }) => socket(open),
}

/**
 * Follows the stream from its start with the pages' client for this delivery, until `signal` aborts, and reports what
 * passes on the wire and what the client delivers. Never rejects.
 */
export async function followLane(
  lane: DeliveryName,
  options: LaneOptions,
  tell: (event: LaneEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { stream, pollMs, now, browser } = options
  const wire = laneWire(options, tell)
  const activity = watchPage(browser, 'keep')
  const steps = keepConnected(
    clients[lane](wire),
    { name: stream, after: '' },
    { ...{ activity, signal, clock: browserClock, fetch: wire.fetch }, everyMs: pollMs },
  )
  let isFallback = false
  try {
    for await (const step of steps) {
      const atMs = now()
      if (step.type === 'fallback') isFallback = true
      if (step.type === 'opening') isFallback = false
      // The fallback counts as open only once it delivers something.
      if (isFallback && (step.type === 'entries' || step.type === 'not-modified'))
        tell({ type: 'open', atMs })
      const event = eventOf(step, atMs)
      if (event) tell(event)
    }
  } finally {
    activity.release()
  }
}

/** The lane event for a client's step. Whether a socket has been allowed to follow its stream is read from its wire. */
function eventOf(step: Step, atMs: number): LaneEvent | undefined {
  switch (step.type) {
    case 'requesting':
      // A held request means that the client is up to date.
      return step.held ? { type: 'open', atMs } : undefined
    case 'waiting':
    case 'ready':
      return { type: 'open', atMs }
    case 'entries':
      return { type: 'entries', atMs, entries: step.entries }
    case 'not-modified':
      return { type: 'empty', atMs }
    case 'beat':
      return { type: 'beat', atMs }
    case 'reset':
      return { type: 'reset', atMs, headSeq: seqOf(step.head) }
    case 'paused':
    case 'closed':
    case 'bye':
    case 'failed':
    case 'fallback':
    case 'signed-out':
    case 'refused':
      return { type: 'lost', atMs }
    default:
      return undefined
  }
}
