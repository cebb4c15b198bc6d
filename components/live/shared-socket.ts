import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
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
import { createEphemeralEvents, type EphemeralEvents } from './ephemeral-events.ts'
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
/** The next page of a navigation needs the same connection. */
const usualLingerMs = 5_000

/** A socket that connects when a page needs it. */
export function createSharedSocket(options: SharedSocketOptions): SharedSocket {
  const { clock, fetch, random = Math.random, lingerMs = usualLingerMs, browser } = options
  const wire = { fetch, clock }
  const watchers = new Set<() => void>()
  const packetListeners = new Set<(packet: Packet) => void>()
  const ephemeral = createEphemeralEvents()
  const ackTimes = createAckTimes()
  const prices = createPriceWatch(clock, random)
  let view = newConnection({ state: 'idle' })
  let transport: Transport | undefined
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
    left: (name) => ephemeral.forget(name.slice('room:'.length)),
  })
  const open = options.connector((packet) => {
    for (const listener of packetListeners) listener(packet)
  })

  return {
    view: () => view,
    watch: (changed) => subscribe(watchers, changed),
    follow: (subject, listener, { background } = {}) => followings.add(subject, listener, background),
    async send(name, command, { timeoutMs = answerMs } = {}) {
      return transport ? transport.send(name, command, timeoutMs) : { state: 'unanswered' }
    },
    on: ephemeral.on,
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
      // A page needed it while it was closing.
      if (isWanted()) start()
    })
  }

  async function keep(client: Client, activity: PageActivity, signal: AbortSignal) {
    const everyone = { name: 'me', after: 'now' }
    for await (const step of keepConnected(client, everyone, { ...wire, activity, random, signal })) {
      // The page was left: nothing connects until it returns.
      if (step.type === 'paused') switchTo(undefined)
      if (step.type === 'fallback') switchTo(fallback ?? standIn(activity))
      if (!signal.aborted) tell(step)
    }
    switchTo(undefined)
  }

  function sharedSocketClient(): Client {
    return sharedConnection({
      open,
      opened(connection, lost) {
        const socket = socketTransport(connection, {
          ...{ wire, random, lost, ephemeral: take },
          acknowledged: (ackMs) => tell({ type: 'acknowledged', ...ackTimes.add(ackMs) }),
        })
        giveUp = lost
        switchTo(socket, { type: 'opened' })
        return { receive: socket.receive, end: () => switchTo(undefined, { type: 'opening' }) }
      },
    })
  }

  /** The fallback over HTTP. */
  function standIn(activity: PageActivity) {
    giveUp = () => undefined
    fallback = httpTransport({
      ...{ fetch, clock, random, activity, ticks: prices.tell },
      reachable: () => tell({ type: 'reachable' }),
      unreachable: (nextTryAtMs) => tell({ type: 'unreachable', nextTryAtMs }),
      // The next attempt to open a socket is refused, which ends the connection.
      signedOut: activity.interrupt,
    })
    return fallback
  }

  function switchTo(next: Transport | undefined, step?: Step | SharedStep) {
    const before = transport
    if (next === before) return
    transport = next
    if (before === fallback) fallback = undefined
    // First, so that a command that fails because the transport ends already sees the connection as down.
    if (step) tell(step)
    before?.end()
    ephemeral.forgetAll()
    followings.switchTo(next)
    prices.switchTo(next)
  }

  function take(event: EphemeralEvent) {
    if (event.name === 'ticks') prices.tell(event.data)
    ephemeral.tell(event)
  }

  function tell(step: Step | SharedStep) {
    const before = view
    view = connectionAfter(before, step, clock.now())
    if (view === before) return
    for (const changed of watchers) changed()
  }
}

const kept = 1_000

/** How long this page's last 1,000 commands took to be acknowledged, in ms. */
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

/** One connection for everything that a page does over the socket: streams, commands, prices. */
export type SharedSocket = {
  view(): ConnectionView
  watch(changed: () => void): () => void
  /** Follows a stream from a cursor until `stop`. `background`: polled only occasionally in the fallback. */
  follow<Data>(
    subject: { name: string; after: string },
    listener: StreamListener<Data>,
    options?: { background?: boolean },
  ): { stop(): void; cursor(): string }
  /**
   * One attempt. `unanswered`: disconnected, cut off, or no acknowledgement in time; retrying is safe for commands with
   * a client id. In the fallback it goes over HTTP.
   */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    options?: { timeoutMs?: number },
  ): Promise<Sent<CommandResults[Name]>>
  /** A listener for `presence` gets the current state at once. */
  on<Name extends keyof EphemeralEvents>(
    name: Name,
    listener: (event: EphemeralEvents[Name]) => void,
  ): () => void
  /** The listener first gets a snapshot, and another after each reconnect and when the page becomes visible again. */
  watchPrices(symbols: readonly string[], listener: TicksListener): { stop(): void }
  tryNow(): void
  /** Closes it, even while held, until `resume`. */
  suspend(): void
  resume(): void
  /** Raw packets in both directions, for the wire drawer. */
  onPacket(listener: (packet: Packet) => void): () => void
  /**
   * Keeps it connected until the returned function is called; it closes a few seconds after the last hold is released.
   */
  hold(): () => void
}

export type SharedSocketOptions = {
  connector(note: (packet: Packet) => void): OpenConnection
  fetch: Fetch
  clock: Clock
  random?: () => number
  /** Receives what a listener throws. */
  report(fault: unknown): void
  /** How long it stays open without a hold, in ms. */
  lingerMs?: number
  browser: { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }
}

/** Whether followed streams are delivered, over the socket or its fallback. */
export function isStanding(socket: SharedSocket): boolean {
  return standing.includes(socket.view().state)
}

const standing: readonly ConnectionState[] = ['live', 'catching-up', 'fallback']
