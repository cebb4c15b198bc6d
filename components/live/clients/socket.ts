import { type Clock, within } from '#components/live/clock.ts'
import type { Connection, OpenConnection, ServerEvent } from '#components/live/open-socket.ts'
import type { StreamBye } from '#server/protocol/streams.ts'

/** How long a connection may take to open, and how long the server may take to end it after `bye`, in ms. */
const openingMs = 10_000
const lingerMs = 1_000

/** How a connection came to its end. `failed`: it was never granted; `lost`: it stands, but does not do its work. */
export type ConnectionEnd =
  | { type: 'interrupted' }
  | { type: 'failed' }
  | { type: 'lost' | 'cut'; stoodMs: number }
  | ({ type: 'bye' } & StreamBye)

export type Held = { hear(event: Exclude<ServerEvent, { name: 'bye' }>): void; end(): void }

type Options = {
  open: OpenConnection
  clock: Clock
  /** It stands: whoever uses it hears of it until its end. `lost` gives it up. */
  opened(connection: Connection, lost: () => void): Held
}

/** Opens a connection and holds it until it ends, or until it is `interrupted`. */
export async function holdConnection(
  { open, clock, opened }: Options,
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
      held = opened(connection, () => end.resolve({ type: 'lost', stoodMs: stoodMs() }))
      opening.resolve('opened')
    },
    event(event) {
      if (event.name !== 'bye') return held?.hear(event)
      const last: ConnectionEnd = { type: 'bye', ...event.data }
      bye = last
      // The server ends it; what it has answered before that still comes.
      void clock.sleep(lingerMs, left.signal).then(() => end.resolve(last))
    },
    closed: () => end.resolve(bye ?? cut(stoodMs())),
  })
  try {
    const first = await within(Promise.race([opening.promise, end.promise]), openingMs, clock, interrupted)
    if (first === 'quiet' && !interrupted.aborted) {
      // Granted, and then nothing: as good as cut at once.
      return cut(0)
    }
    const last = await within(end.promise, Number.POSITIVE_INFINITY, clock, interrupted)
    // Socket.IO hears of the browser's `offline` too, and may have ended it first.
    return last === 'quiet' || interrupted.aborted ? { type: 'interrupted' } : last
  } finally {
    left.abort()
    held?.end()
    connection.close()
  }
}
