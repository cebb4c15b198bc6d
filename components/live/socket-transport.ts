import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { retryPauseMs } from '#server/protocol/reconnect.ts'
import type { Ack, CommandName, CommandResults } from '#server/protocol/socket.ts'
import { within } from './clock.ts'
import type { Connection, ServerEvent } from './open-socket.ts'
import type { Page } from './reader.ts'
import type { Wire } from './request.ts'
import { notDone, type Sent } from './send-json.ts'
import type { Following, Transport } from './transport.ts'

type Options = {
  wire: Wire
  random: () => number
  acknowledged(ackMs: number): void
  ephemeral(event: EphemeralEvent): void
  /** The connection does not work as it should: open another. */
  lost(): void
}

/** Events outside the streams, which matter only now. */
export type EphemeralEvent = ServerEvent<'typing' | 'presence' | 'read' | 'ticks'>

export type SocketTransport = Transport & { receive(event: Exclude<ServerEvent, { name: 'bye' }>): void }

/** Streams and commands over an open connection. */
export function socketTransport(connection: Connection, options: Options): SocketTransport {
  const { clock } = options.wire
  const over = new AbortController()
  const streams = bringStreams(connection, { ...options, signal: over.signal })
  let receivedAtMs = clock.now()

  return {
    follow: streams.follow,
    lighten: () => undefined,
    unfollow: streams.unfollow,
    receive(event) {
      receivedAtMs = clock.now()
      if (event.name === 'entries' || event.name === 'reset' || event.name === 'unfollowed')
        streams.receive(event)
      else options.ephemeral(event)
    },
    async send(name, command, timeoutMs) {
      type Name = typeof name
      if (over.signal.aborted) return { state: 'unanswered' }
      const sentAtMs = clock.now()
      const answer = Promise.withResolvers<Ack<Name>>()
      connection.send(name, command, answer.resolve)
      const ack = await within(answer.promise, timeoutMs, clock, over.signal)
      if (ack !== 'quiet') {
        receivedAtMs = clock.now()
        options.acknowledged(receivedAtMs - sentAtMs)
        return sentOf(ack)
      }
      // Nothing at all has arrived since: the connection may be dead without having closed.
      if (!over.signal.aborted && receivedAtMs <= sentAtMs) options.lost()
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

/** The server's events about streams. */
type Brought = ServerEvent<'entries' | 'reset' | 'unfollowed'>

type StreamsOptions = { wire: Wire; random: () => number; lost(): void; signal: AbortSignal }

/** How long the server may take to acknowledge a follow, in ms. */
const patienceMs = 10_000

/** Follows streams over one connection, each from its readers' position. */
function bringStreams(connection: Connection, options: StreamsOptions) {
  const { clock } = options.wire
  const { signal } = options
  // `me` and the user's own `user:` stream are one stream on the wire.
  const byStream = new Map<string, Set<Following>>()
  const asking = new Map<Following, { again: boolean }>()
  let early: { stream: string; page: Page }[] = []

  /**
   * If a follow is under way, sends another after it: entries after its acknowledgement are for the readers it was sent
   * for.
   */
  function follow(following: Following) {
    const under = asking.get(following)
    if (under) under.again = true
    else ask(following, 1)
  }

  function ask(following: Following, attempt: number) {
    const after = following.after()
    const answered = new AbortController()
    const asked = { again: false }
    asking.set(following, asked)
    connection.send('follow', { stream: following.name, ...(after && { after }) }, (ack) => {
      if (signal.aborted) return
      answered.abort()
      asking.delete(following)
      if (!ack.ok) return refuse(following, ack.problem, attempt)
      byStream.set(ack.stream, (byStream.get(ack.stream) ?? new Set()).add(following))
      if (following.isEmpty) return unfollow(following)
      if (asked.again) return ask(following, 1)
      following.begin(after, ack.head)
      for (const { stream, page } of early) if (stream === ack.stream) following.take(page)
      if (asking.size === 0) early = []
    })
    void clock.sleep(patienceMs, AbortSignal.any([signal, answered.signal])).then(() => {
      if (!signal.aborted && !answered.signal.aborted) options.lost()
    })
  }

  function refuse(following: Following, problem: Problem, attempt: number) {
    if (problem.status === 401) return options.lost()
    if (!passes(problem)) return following.end(problem)
    const pauseMs = retryPauseMs(attempt, problem.retryAfterMs, options.random)
    void clock.sleep(pauseMs, signal).then(() => {
      if (!signal.aborted && !following.isEmpty && !asking.has(following)) ask(following, attempt + 1)
    })
  }

  function unfollow(following: Following) {
    for (const [stream, known] of byStream) {
      if (!known.delete(following) || known.size > 0) continue
      byStream.delete(stream)
      connection.send('unfollow', { stream }, () => undefined)
    }
  }

  return {
    follow,
    /** A follow not yet acknowledged is undone after its acknowledgement, which carries the stream's name. */
    unfollow,
    receive({ name, data }: Brought) {
      const followings = byStream.get(data.stream)
      switch (name) {
        case 'entries': {
          const page = { entries: data.entries, through: data.next }
          if (followings) for (const following of followings) following.take(page)
          else if (asking.size > 0) early.push({ stream: data.stream, page })
          return
        }
        case 'reset':
          for (const following of followings ?? []) following.reset(data.head, data.reason)
          return
        case 'unfollowed':
          byStream.delete(data.stream)
          for (const following of followings ?? []) following.end()
      }
    },
  }
}

/**
 * Whether a retry may be granted. A full subscription limit stays full for as long as the page follows the same
 * streams.
 */
function passes(problem: Problem): boolean {
  return problem.status >= 500 || (problem.status === 429 && slugOf(problem) !== 'too-many-subscriptions')
}
