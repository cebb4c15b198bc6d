import { NodeWebSocket, type WebSocket } from 'socket.io-client'
import { browserClock } from '#components/live/clock.ts'
import { connector, type Packet } from '#components/live/open-socket.ts'
import {
  createSharedSocket,
  type SharedSocket,
  type SharedSocketOptions,
} from '#components/live/shared-socket.ts'
import { socketOutbox } from '#components/live/use-outbox.ts'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

const nothingKept = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }

type Setup = {
  /** The ports for sockets, and for everything else. */
  socketPort: number
  httpPort?: number
  /** Called with every packet as it passes. */
  onPacket?: (packet: Packet) => void
}

/** For tests: a user's connection to a real server, as a page in a browser would hold it. */
export function realSocket(
  t: { after(hook: () => void): void },
  { cookie }: { cookie: string },
  { socketPort, httpPort = socketPort, onPacket }: Setup,
) {
  const document = Object.assign(new EventTarget(), { hidden: false })
  const window = new EventTarget()
  const fetchAs: SharedSocketOptions['fetch'] = (url, init) =>
    fetch(`http://127.0.0.1:${httpPort}${url}`, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), cookie },
    })
  const line = createSharedSocket({
    connector: (note) =>
      connector({
        note,
        origin: `http://127.0.0.1:${socketPort}`,
        // Node's own WebSocket takes no cookies.
        transport: NodeWebSocket as typeof WebSocket,
        extraHeaders: { cookie },
      }),
    fetch: fetchAs,
    clock: browserClock,
    lingerMs: 0,
    report: (fault) => {
      throw fault
    },
    browser: { document, window },
  })
  if (onPacket) line.onPacket(onPacket)
  const letGo = line.hold()
  t.after(() => {
    letGo()
  })
  return {
    line,
    fetch: fetchAs,
    browser: (event: 'online' | 'offline') => window.dispatchEvent(new Event(event)),
    /** Resolves once the connection is in that state. */
    until: (state: string) => until(line, () => line.view().state === state),
    untilView: (fits: (view: ReturnType<SharedSocket['view']>) => boolean) =>
      until(line, () => fits(line.view())),
    follow(subject: { name: string; after: string }, options?: { background?: boolean }) {
      const entries: WireEntry[] = []
      const ends: (number | undefined)[] = []
      const resets: string[] = []
      const following = line.follow(
        subject,
        {
          entries: (fresh) => entries.push(...fresh),
          ended: (problem) => ends.push(problem?.status),
          reset: (head) => resets.push(head),
        },
        options,
      )
      return {
        ...{ entries, ends, resets, ...following },
        seqs: () => entries.map(({ seq }) => seq),
        /** The messages received, in order. */
        bodies: () =>
          entries.flatMap(({ type, data }) =>
            type === 'message.sent' ? [(data as { message: WireMessage }).message.body] : [],
          ),
      }
    },
    outbox: () => socketOutbox(line, { storage: nothingKept, key: 'outbox', clock: browserClock }),
  }
}

async function until(line: SharedSocket, fits: () => boolean) {
  const changed = Promise.withResolvers<void>()
  const leave = line.watch(() => {
    if (fits()) changed.resolve()
  })
  if (fits()) changed.resolve()
  await changed.promise
  leave()
}
