import type { Ack, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { Wire } from './ask.ts'
import { bringStreams } from './bring-streams.ts'
import type { Carrier } from './carrier.ts'
import type { Connection, ServerEvent } from './connection.ts'
import { notDone, type Sent } from './send-json.ts'
import { within } from './within.ts'

type Options = {
  wire: Wire
  random: () => number
  acknowledged(ackMs: number): void
  aside(event: Aside): void
  /** The connection does not do what it should: another one is needed. */
  lost(): void
}

/** What is not of the streams: it is of the moment. */
export type Aside = ServerEvent<'typing' | 'presence' | 'read' | 'ticks'>

export type SocketCarrier = Carrier & { hear(event: Exclude<ServerEvent, { name: 'bye' }>): void }

/** Streams and commands over an open connection. */
export function socketCarrier(connection: Connection, options: Options): SocketCarrier {
  const { clock } = options.wire
  const over = new AbortController()
  const streams = bringStreams(connection, { ...options, signal: over.signal })
  let heardAtMs = clock.now()

  return {
    follow: streams.follow,
    lighten: () => undefined,
    unfollow: streams.unfollow,
    hear(event) {
      heardAtMs = clock.now()
      if (event.name === 'entries' || event.name === 'reset' || event.name === 'unfollowed')
        streams.hear(event)
      else options.aside(event)
    },
    async send(name, command, timeoutMs) {
      type Name = typeof name
      if (over.signal.aborted) return { state: 'unanswered' }
      const sentAtMs = clock.now()
      const answer = Promise.withResolvers<Ack<Name>>()
      connection.send(name, command, answer.resolve)
      const ack = await within(answer.promise, timeoutMs, clock, over.signal)
      if (ack !== 'quiet') {
        heardAtMs = clock.now()
        options.acknowledged(heardAtMs - sentAtMs)
        return sentOf(ack)
      }
      // Nothing at all has come since: the line may be dead without anybody having said so.
      if (!over.signal.aborted && heardAtMs <= sentAtMs) options.lost()
      return { state: 'unanswered' }
    },
    end: () => over.abort(),
  }
}

function sentOf<Name extends CommandName>(ack: Ack<Name>): Sent<CommandResults[Name]> {
  if (!ack.ok) return notDone(ack.problem)
  const { ok, ...value } = ack
  return { state: 'done', value: value as unknown as CommandResults[Name], replayed: false }
}
