import type { Command, CommandName, CommandResults, ServerEvents } from '#server/protocol/socket.ts'
import { createAckTimes } from './ack-times.ts'
import type { Fetch } from './ask.ts'
import type { Carrier } from './carrier.ts'
import type { Clock } from './clock.ts'
import type { OpenConnection } from './connection.ts'
import type { StreamListener } from './following-reader.ts'
import { createFollowings } from './followings.ts'
import { httpCarrier } from './http-carrier.ts'
import { keepConnected } from './keep-connected.ts'
import { payLineAttention } from './line-attention.ts'
import { firstLineView, type LineStep, type LineView, lineViewAfter } from './line-view.ts'
import type { Packet } from './packet.ts'
import { createPriceWatch, type TicksListener } from './price-watch.ts'
import type { Sent } from './send-json.ts'
import { type Aside, socketCarrier } from './socket-carrier.ts'
import type { StreamAttention } from './stream-attention.ts'

export type { StreamListener } from './following-reader.ts'
export type { LineState, LineView } from './line-view.ts'

/** What is heard beside the streams: of the moment, and not repeated. */
export type LineEvents = Pick<ServerEvents, 'typing' | 'presence' | 'read' | 'ticks'>

/** One connection for all that a page does over the socket: streams, commands, prices. */
export type SocketLine = {
  view(): LineView
  watch(changed: () => void): () => void
  /** Goes on after a cursor, for as long as it is held. `background`: in the fallback it is asked for only now and then. */
  follow<Data>(
    subject: { name: string; after: string },
    listener: StreamListener<Data>,
    options?: { background?: boolean },
  ): { stop(): void; cursor(): string }
  /**
   * One try. `unanswered`: the line is down, was cut, or the answer did not come in time; the same again is safe for
   * commands with a client id. In the fallback it goes over HTTP.
   */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    options?: { timeoutMs?: number },
  ): Promise<Sent<CommandResults[Name]>>
  /** Who is here is told at once when it is known. */
  on<Name extends keyof LineEvents>(name: Name, listener: (event: LineEvents[Name]) => void): () => void
  /** The listener's first call is the snapshot; after a reconnect, or when the page is seen again, there is another. */
  watchPrices(symbols: readonly string[], listener: TicksListener): { stop(): void }
  tryNow(): void
  /** Raw packets, both directions, for the wire drawer. */
  onPacket(listener: (packet: Packet) => void): () => void
  /** Wants a connection until the answer is called: the line closes some seconds after the last one. */
  hold(): () => void
}

const answerMs = 10_000
/** A page that follows another needs the same line. */
const usualLingerMs = 5_000

export type LineOptions = {
  connector(note: (packet: Packet) => void): OpenConnection
  fetch: Fetch
  clock: Clock
  random?: () => number
  /** Gets what a listener throws. */
  report(fault: unknown): void
  /** How long it stays open when nobody needs it, in ms. */
  lingerMs?: number
  browser: { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }
}

/** A line that connects when somebody needs it. */
export function createSocketLine(options: LineOptions): SocketLine {
  const { clock, fetch, random = Math.random, lingerMs = usualLingerMs, browser } = options
  const wire = { fetch, clock }
  const watchers = new Set<() => void>()
  const packetListeners = new Set<(packet: Packet) => void>()
  const listeners = {
    typing: new Set<(event: LineEvents['typing']) => void>(),
    presence: new Set<(event: LineEvents['presence']) => void>(),
    read: new Set<(event: LineEvents['read']) => void>(),
    ticks: new Set<(event: LineEvents['ticks']) => void>(),
  }
  const here = new Map<string, LineEvents['presence']>()
  const ackTimes = createAckTimes()
  const prices = createPriceWatch(clock, random)
  let view = firstLineView
  let carrier: Carrier | undefined
  let fallback: Carrier | undefined
  let giveUp: () => void = () => undefined
  let holders = 0
  let running: { stop: () => void; tryNow: () => void } | undefined
  let leaving = new AbortController()
  const followings = createFollowings({
    wire,
    report: options.report,
    moved: (caughtUp) => tell({ type: 'caught-up', ...caughtUp }),
    lost: () => giveUp(),
    // Who comes to a room is not told of those who were there when it was followed before.
    left: (name) => here.delete(name.slice('room:'.length)),
  })
  const open = options.connector((packet) => {
    for (const listener of packetListeners) listener(packet)
  })

  return {
    view: () => view,
    watch: (changed) => joined(watchers, changed),
    follow: (subject, listener, { background } = {}) => followings.add(subject, listener, background),
    async send(name, command, { timeoutMs = answerMs } = {}) {
      return carrier ? carrier.send(name, command, timeoutMs) : { state: 'unanswered' }
    },
    on(name, listener) {
      const leave = joined(listeners[name] as Set<typeof listener>, listener)
      if (name === 'presence') {
        for (const event of here.values()) (listener as (event: LineEvents['presence']) => void)(event)
      }
      return leave
    },
    watchPrices: prices.add,
    tryNow() {
      if (running) running.tryNow()
      else if (holders > 0) start()
    },
    onPacket: (listener) => joined(packetListeners, listener),
    hold() {
      holders += 1
      leaving.abort()
      if (!running) start()
      let held = true
      return () => {
        if (!held) return
        held = false
        holders -= 1
        if (holders === 0) void leave()
      }
    },
  }

  async function leave() {
    leaving = new AbortController()
    const stays = leaving.signal
    await clock.sleep(lingerMs, stays)
    if (!stays.aborted) running?.stop()
  }

  function start() {
    const stopped = new AbortController()
    const attention = payLineAttention(browser, () => prices.look(!browser.document.hidden))
    const own = { stop: () => stopped.abort(), tryNow: attention.interrupt }
    running = own
    void keepConnected({
      ...{ open, wire, attention, random, tell, signal: stopped.signal },
      opened(connection, lost) {
        const socket = socketCarrier(connection, {
          ...{ wire, random, lost },
          aside: tellListeners,
          acknowledged: (ackMs) => tell({ type: 'acknowledged', ...ackTimes.add(ackMs) }),
        })
        giveUp = lost
        carry(socket, { type: 'opened' })
        return {
          hear: socket.hear,
          end: () => carry(undefined, { type: 'opening' }),
        }
      },
      fallBack: () => carry(fallback ?? standIn(attention)),
      rest: () => carry(undefined),
    }).then(() => {
      attention.release()
      if (running === own) running = undefined
      if (stopped.signal.aborted) tell({ type: 'idle' })
    })
  }

  /** What a socket does, over HTTP. */
  function standIn(attention: StreamAttention) {
    fallback = httpCarrier({
      ...{ fetch, clock, random, attention, ticks: prices.tell },
      reachable: () => tell({ type: 'reachable' }),
      unreachable: (nextTryAtMs) => tell({ type: 'unreachable', nextTryAtMs }),
      // The next try of a socket finds it out, and ends the line.
      signedOut: attention.interrupt,
    })
    giveUp = () => undefined
    return fallback
  }

  function carry(next: Carrier | undefined, step?: LineStep) {
    const before = carrier
    if (next === before) return
    carrier = next
    if (before === fallback) fallback = undefined
    // Told first: whoever gets no answer from what ends here, and asks whether the line is up, must hear that it is not.
    if (step) tell(step)
    before?.end()
    here.clear()
    followings.carry(next)
    prices.carry(next)
  }

  function tell(step: LineStep) {
    const before = view
    view = lineViewAfter(before, step, clock.now())
    if (view === before) return
    for (const changed of watchers) changed()
  }

  function tellListeners(event: Aside) {
    if (event.name === 'presence') here.set(event.data.roomId, event.data)
    if (event.name === 'ticks') prices.tell(event.data)
    const all = listeners[event.name] as Set<(data: typeof event.data) => void>
    for (const listener of all) listener(event.data)
  }
}

function joined<Listener>(all: Set<Listener>, listener: Listener): () => void {
  all.add(listener)
  return () => void all.delete(listener)
}
