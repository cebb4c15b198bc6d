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

/** The clients of the pages. */
const clients: Record<DeliveryName, (wire: LaneWire) => Client> = {
  short: () => shortPoll,
  long: () => longPoll,
  sse: () => eventStream,
  socket: ({ open }) => socket(open),
}

/**
 * Follows the stream from its start with the client that the pages use for this delivery, until `signal` aborts, and
 * tells what passes on the wire and what the client gives. Never rejects.
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
      // Only what it brings says that the fallback serves.
      if (isFallback && (step.type === 'entries' || step.type === 'not-modified'))
        tell({ type: 'open', atMs })
      const event = eventOf(step, atMs)
      if (event) tell(event)
    }
  } finally {
    activity.release()
  }
}

/** What a step of the client means for its lane. That a socket may follow its stream is seen on its wire. */
function eventOf(step: Step, atMs: number): LaneEvent | undefined {
  switch (step.type) {
    case 'requesting':
      // Who is held has all that there is.
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
