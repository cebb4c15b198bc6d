import type { LaneName } from '#server/protocol/lab.ts'
import type { OpenClient } from './client.ts'
import { openControl } from './control.ts'
import { openEventStream } from './event-stream.ts'
import { openLongPoll } from './long-poll.ts'
import { openShortPoll } from './short-poll.ts'
import { openSocketClient } from './socket.ts'

/** The client of each lane. */
export const clients: Record<LaneName, OpenClient> = {
  short: openShortPoll,
  long: openLongPoll,
  sse: openEventStream,
  socket: openSocketClient,
  control: openControl,
}
