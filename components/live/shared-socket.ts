import type { Command, CommandName, CommandResults, ServerEvents } from '#server/protocol/socket.ts'
import type { Client, Step } from './clients/client.ts'
import { sharedConnection } from './clients/socket.ts'
import type { Clock } from './clock.ts'
import {
  type ConnectionState,
  type ConnectionView,
  connectionAfter,
  newConnection,
  type SharedStep,
} from './connection.ts'
import { createFollowings } from './followings.ts'
import { httpTransport } from './http-transport.ts'
import { keepConnected } from './keep-connected.ts'
import { subscribe } from './listeners.ts'
import { type PageActivity, watchPage } from './liveness.ts'
import type { OpenConnection, Packet } from './open-socket.ts'
import { createPriceWatch, type TicksListener } from './price-watch.ts'
import type { StreamListener } from './reader.ts'
import type { Fetch } from './request.ts'
import type { Sent } from './send-json.ts'
import { type EphemeralEvent, socketTransport } from './socket-transport.ts'
import type { Transport } from './transport.ts'

const answerMs = 10_000
/** A page that follows another needs the same line. */
const usualLingerMs = 5_000

/** A line that connects when somebody needs it. */
export function createSharedSocket(options: SharedSocketOptions): SharedSocket {
  const { clock, fetch, random = Math.random, lingerMs = usualLingerMs, browser } = options
  const wire = { fetch, clock }
  const watchers = new Set<() => void>()
  const packetListeners = new Set<(packet: Packet) => void>()
  const asides = createEphemeralEvents()
  const ackTimes = createAckTimes()
  const prices = createPriceWatch(clock, random)
  let view = newConnection({ state: 'idle' })
  let carrier: Transport | undefined
  let fallback: Transport | undefined
  let giveUp: () => void = () => undefined
  let holders = 0
  let suspended = false
  let leaving = new AbortController()
  let running: { stop: () => void; tryNow: () => void } | undefined
  const followings = createFollowings({
    wire,
    report: options.report,
    moved: (caughtUp) => tell({ type: 'caught-up', ...caughtUp }),
    lost: () => giveUp(),
    left: (name) => asides.forget(name.slice('room:'.length)),
  })
  const open = options.connector((packet) => {
    for (const listener of packetListeners) listener(packet)
  })

  return {
    view: () => view,
    watch: (changed) => subscribe(watchers, changed),
    follow: (subject, listener, { background } = {}) => followings.add(subject, listener, background),
    async send(name, command, { timeoutMs = answerMs } = {}) {
      return carrier ? carrier.send(name, command, timeoutMs) : { state: 'unanswered' }
    },
    on: asides.on,
    watchPrices: prices.add,
    tryNow() {
      if (running) running.tryNow()
      else if (isWanted()) start()
    },
    suspend() {
      suspended = true
      running?.stop()
    },
    resume() {
      suspended = false
      if (!running && isWanted()) start()
    },
    onPacket: (listener) => subscribe(packetListeners, listener),
    hold() {
      holders += 1
      leaving.abort()
      if (!running && isWanted()) start()
      let held = true
      return () => {
        if (!held) return
        held = false
        holders -= 1
        if (holders === 0) void leave()
      }
    },
  }

  function isWanted(): boolean {
    return holders > 0 && !suspended
  }

  async function leave() {
    leaving = new AbortController()
    const stays = leaving.signal
    await clock.sleep(lingerMs, stays)
    if (!stays.aborted) running?.stop()
  }

  function start() {
    const stopped = new AbortController()
    const activity = watchPage(browser, 'keep')
    const look = () => prices.look(!browser.document.hidden)
    browser.document.addEventListener('visibilitychange', look, { signal: stopped.signal })
    const own = { stop: () => stopped.abort(), tryNow: activity.interrupt }
    running = own
    look()
    void keep(sharedSocketClient(), activity, stopped.signal).then(() => {
      activity.release()
      browser.document.removeEventListener('visibilitychange', look)
      if (running === own) running = undefined
      if (!stopped.signal.aborted) return
      tell({ type: 'idle' })
      // Somebody came while it closed.
      if (isWanted()) start()
    })
  }

  async function keep(client: Client, activity: PageActivity, signal: AbortSignal) {
    const everyone = { name: 'me', after: 'now' }
    for await (const step of keepConnected(client, everyone, { ...wire, activity, random, signal })) {
      // The page is left: nothing serves until it is back.
      if (step.type === 'paused') carry(undefined)
      if (step.type === 'fallback') carry(fallback ?? standIn(activity))
      if (!signal.aborted) tell(step)
    }
    carry(undefined)
  }

  function sharedSocketClient(): Client {
    return sharedConnection({
      open,
      opened(connection, lost) {
        const socket = socketTransport(connection, {
          ...{ wire, random, lost, aside },
          acknowledged: (ackMs) => tell({ type: 'acknowledged', ...ackTimes.add(ackMs) }),
        })
        giveUp = lost
        carry(socket, { type: 'opened' })
        return { hear: socket.hear, end: () => carry(undefined, { type: 'opening' }) }
      },
    })
  }

  /** What a socket does, over HTTP. */
  function standIn(activity: PageActivity) {
    giveUp = () => undefined
    fallback = httpTransport({
      ...{ fetch, clock, random, activity, ticks: prices.tell },
      reachable: () => tell({ type: 'reachable' }),
      unreachable: (nextTryAtMs) => tell({ type: 'unreachable', nextTryAtMs }),
      // The next try of a socket finds it out, and ends the line.
      signedOut: activity.interrupt,
    })
    return fallback
  }

  function carry(next: Transport | undefined, step?: Step | SharedStep) {
    const before = carrier
    if (next === before) return
    carrier = next
    if (before === fallback) fallback = undefined
    // Told first: whoever gets no answer from what ends here, and asks whether the line is up, must hear that it is not.
    if (step) tell(step)
    before?.end()
    asides.forgetAll()
    followings.carry(next)
    prices.carry(next)
  }

  function aside(event: Parameters<typeof asides.tell>[0]) {
    if (event.name === 'ticks') prices.tell(event.data)
    asides.tell(event)
  }

  function tell(step: Step | SharedStep) {
    const before = view
    view = connectionAfter(before, step, clock.now())
    if (view === before) return
    for (const changed of watchers) changed()
  }
}

const kept = 1_000

/** How long this page's commands took to be acknowledged, in ms, over the latest 1,000. */
function createAckTimes() {
  let latest: number[] = []
  return {
    add(ackMs: number): { ackMs: number; ackP50Ms: number; ackP99Ms: number } {
      latest = [...latest, ackMs].slice(-kept)
      const sorted = latest.toSorted((a, b) => a - b)
      const percentile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? ackMs
      return { ackMs, ackP50Ms: percentile(0.5), ackP99Ms: percentile(0.99) }
    },
  }
}

/** What is heard beside the streams: of the moment, and not repeated. */
export type EphemeralEvents = Pick<ServerEvents, EphemeralEvent['name']>

type Listeners = { [Name in keyof EphemeralEvents]: Set<(event: EphemeralEvents[Name]) => void> }

/**
 * Who hears of what. Who is here is remembered as long as the line stands: the server says it when it changes, and
 * whoever asks later needs it too.
 */
function createEphemeralEvents() {
  const here = new Map<string, EphemeralEvents['presence']>()
  const all: Listeners = { typing: new Set(), presence: new Set(), read: new Set(), ticks: new Set() }

  return {
    on<Name extends keyof EphemeralEvents>(
      name: Name,
      listener: (event: EphemeralEvents[Name]) => void,
    ): () => void {
      const listeners: Set<(event: EphemeralEvents[Name]) => void> = all[name]
      const leave = subscribe(listeners, listener)
      if (name === 'presence') for (const event of here.values()) listener(event as EphemeralEvents[Name])
      return leave
    },
    tell(aside: EphemeralEvent) {
      if (aside.name === 'presence') here.set(aside.data.roomId, aside.data)
      const listeners = all[aside.name] as Set<(event: typeof aside.data) => void>
      for (const listener of listeners) listener(aside.data)
    },
    /** Nobody follows the room any more: who comes to it later is told anew. */
    forget: (roomId: string) => here.delete(roomId),
    forgetAll: () => here.clear(),
  }
}

/** One connection for all that a page does over the socket: streams, commands, prices. */
export type SharedSocket = {
  view(): ConnectionView
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
  on<Name extends keyof EphemeralEvents>(
    name: Name,
    listener: (event: EphemeralEvents[Name]) => void,
  ): () => void
  /** The listener's first call is the snapshot; after a reconnect, or when the page is seen again, there is another. */
  watchPrices(symbols: readonly string[], listener: TicksListener): { stop(): void }
  tryNow(): void
  /** Closes it, whoever holds it, until `resume`. */
  suspend(): void
  resume(): void
  /** Raw packets, both directions, for the wire drawer. */
  onPacket(listener: (packet: Packet) => void): () => void
  /** Wants a connection until the answer is called: the line closes some seconds after the last one. */
  hold(): () => void
}

export type SharedSocketOptions = {
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

/** The line says that what is followed comes, by the socket or what goes in its place. */
export function isStanding(line: SharedSocket): boolean {
  return standing.includes(line.view().state)
}

const standing: readonly ConnectionState[] = ['live', 'catching-up', 'fallback']
