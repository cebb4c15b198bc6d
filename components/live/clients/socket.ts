import { type Clock, within } from '../clock.ts'
import { createUpgradeDetector } from '../fallback.ts'
import { createFollowings } from '../followings.ts'
import type { Connection, OpenConnection, ServerEvent } from '../open-socket.ts'
import { epochOf } from '../position.ts'
import { request } from '../request.ts'
import { socketTransport } from '../socket-transport.ts'
import { type Client, type End, type Step, type StreamSubject, urlOf } from './client.ts'

/** How long a connection may take to open, and the server to close it after `bye`, in ms. */
const openingMs = 10_000
const lingerMs = 1_000

/** Receives an open connection's events until it ends. */
export type Held = { receive(event: Exclude<ServerEvent, { name: 'bye' }>): void; end(): void }

export type SocketUse = {
  open: OpenConnection
  /** Called when a connection has opened; `lost` abandons it. */
  opened(connection: Connection, lost: () => void): Held
}

/** WebSocket, whatever the connection carries. If it cannot be opened, a poll of the subject finds out why. */
export const sharedConnection =
  ({ open, opened }: SocketUse): Client =>
  (subject, options) => {
    const { clock } = options
    const detector = createUpgradeDetector()
    return {
      async *attempt(interrupted) {
        yield { type: 'opening' }
        const end = await holdConnection({ open, opened, clock }, interrupted)
        switch (end.type) {
          case 'bye':
            detector.spoke()
            if (end.reason !== 'session-ended') return end
            yield { type: 'signed-out' }
            return { type: 'over' }
          case 'cut': {
            const why = detector.cut(end.stoodMs)
            return why ? { type: 'blocked', why } : { type: 'closed', stoodMs: end.stoodMs }
          }
          case 'interrupted':
          case 'closed':
            return end
        }
        // Browsers hide the status of a refused upgrade; a poll of the same server reveals it.
        const response = await request({ url: urlOf(subject) }, 0, options, interrupted)
        switch (response.type) {
          case 'interrupted':
            return response
          case 'signed-out':
          case 'refused':
            yield response
            return { type: 'over' }
          case 'failed':
            detector.unanswered()
            return response
          default: {
            const why = detector.refused()
            return why ? { type: 'blocked', why } : { type: 'closed', stoodMs: 0 }
          }
        }
      },
      isClear: detector.isClear,
    }
  }

/** WebSocket, for one stream on a connection of its own. */
export const socket =
  (open: OpenConnection): Client =>
  <Data>(subject: StreamSubject, options: Parameters<Client>[1]) => {
    const { random = Math.random } = options
    const steps: Step<Data>[] = []
    let wake = Promise.withResolvers<void>()
    let giveUp: () => void = () => undefined
    let isOver = false
    const tell = (step: Step<Data>) => {
      steps.push(step)
      wake.resolve()
    }
    const followings = createFollowings({
      wire: options,
      report: (fault) => {
        throw fault
      },
      moved: () => undefined,
      lost: () => giveUp(),
      left: () => undefined,
    })
    const followed = followings.add<Data>(subject, {
      entries(entries, live) {
        const cursor = `${epochOf(followed.cursor())}.${entries.at(-1)?.seq}`
        tell({ type: 'entries', entries: [...entries], cursor, live })
      },
      reset: (head, reason) => tell({ type: 'reset', head, reason }),
      ended: (problem) => {
        isOver = true
        tell(problem ? { type: 'refused', problem } : { type: 'signed-out' })
      },
    })
    const connected = sharedConnection({
      open,
      opened(connection, lost) {
        giveUp = lost
        const ignore = () => undefined
        const transport = socketTransport(connection, {
          wire: options,
          random,
          lost,
          ephemeral: ignore,
          acknowledged: ignore,
        })
        followings.switchTo(transport)
        tell({ type: 'opened' })
        return {
          receive: transport.receive,
          end() {
            transport.end()
            followings.switchTo(undefined)
          },
        }
      },
    })<Data>(subject, options)

    return {
      ...connected,
      async *attempt(interrupted) {
        const left = new AbortController()
        const attempt = connected.attempt(AbortSignal.any([interrupted, left.signal]))
        let next = attempt.next()
        try {
          for (;;) {
            await Promise.race([next, wake.promise])
            wake = Promise.withResolvers()
            for (let step = steps.shift(); step; step = steps.shift()) yield step
            if (isOver) return { type: 'over' }
            const ended = await Promise.race([next, undefined])
            if (ended?.done) return ended.value
            if (!ended) continue
            yield ended.value
            next = attempt.next()
          }
        } finally {
          left.abort()
        }
      },
    }
  }

/** `failed`: it never opened; `closed`: it opened, but did not work. */
type ConnectionEnd =
  | Extract<End, { type: 'closed' | 'bye' }>
  | { type: 'interrupted' }
  | { type: 'failed' }
  | { type: 'cut'; stoodMs: number }

type HoldOptions = Pick<SocketUse, 'open' | 'opened'> & { clock: Clock }

/** Opens a connection and keeps it until it ends or is `interrupted`. */
async function holdConnection(
  { open, clock, opened }: HoldOptions,
  interrupted: AbortSignal,
): Promise<ConnectionEnd> {
  const end = Promise.withResolvers<ConnectionEnd>()
  const opening = Promise.withResolvers<'opened'>()
  const left = new AbortController()
  let grantedAtMs: number | undefined
  let held: Held | undefined
  let bye: ConnectionEnd | undefined
  const cut = (forMs: number): ConnectionEnd =>
    grantedAtMs === undefined ? { type: 'failed' } : { type: 'cut', stoodMs: forMs }
  const stoodMs = () => clock.now() - (grantedAtMs ?? clock.now())

  const connection = open({
    upgraded() {
      grantedAtMs = clock.now()
    },
    opened() {
      held = opened(connection, () => end.resolve({ type: 'closed', stoodMs: stoodMs() }))
      opening.resolve('opened')
    },
    event(event) {
      if (event.name !== 'bye') return held?.receive(event)
      const last: ConnectionEnd = { type: 'bye', ...event.data }
      bye = last
      // The server closes it; acknowledgements already on their way still arrive.
      void clock.sleep(lingerMs, left.signal).then(() => end.resolve(last))
    },
    closed: () => end.resolve(bye ?? cut(stoodMs())),
  })
  try {
    const first = await within(Promise.race([opening.promise, end.promise]), openingMs, clock, interrupted)
    if (first === 'quiet' && !interrupted.aborted) {
      // Upgraded, then silence: as if cut at once.
      return cut(0)
    }
    const last = await within(end.promise, Number.POSITIVE_INFINITY, clock, interrupted)
    // Socket.IO also listens for the browser's `offline`, and may have closed it first.
    return last === 'quiet' || interrupted.aborted ? { type: 'interrupted' } : last
  } finally {
    left.abort()
    held?.end()
    connection.close()
  }
}
