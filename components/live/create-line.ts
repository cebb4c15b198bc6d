import { createAckTimes } from './ack-times.ts'
import type { Carrier } from './carrier.ts'
import { createFollowings } from './followings.ts'
import { httpCarrier } from './http-carrier.ts'
import { joined } from './joined.ts'
import { keepConnected } from './keep-connected.ts'
import { createAsides } from './line-asides.ts'
import { payLineAttention } from './line-attention.ts'
import { firstLineView, type LineStep, lineViewAfter } from './line-view.ts'
import type { Packet } from './packet.ts'
import { createPriceWatch } from './price-watch.ts'
import { socketCarrier } from './socket-carrier.ts'
import type { LineOptions, SocketLine } from './socket-line.ts'
import type { StreamAttention } from './stream-attention.ts'

const answerMs = 10_000
/** A page that follows another needs the same line. */
const usualLingerMs = 5_000

/** A line that connects when somebody needs it. */
export function createSocketLine(options: LineOptions): SocketLine {
  const { clock, fetch, random = Math.random, lingerMs = usualLingerMs, browser } = options
  const wire = { fetch, clock }
  const watchers = new Set<() => void>()
  const packetListeners = new Set<(packet: Packet) => void>()
  const asides = createAsides()
  const ackTimes = createAckTimes()
  const prices = createPriceWatch(clock, random)
  let view = firstLineView
  let carrier: Carrier | undefined
  let fallback: Carrier | undefined
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
    watch: (changed) => joined(watchers, changed),
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
    onPacket: (listener) => joined(packetListeners, listener),
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
    const attention = payLineAttention(browser, () => prices.look(!browser.document.hidden))
    const own = { stop: () => stopped.abort(), tryNow: attention.interrupt }
    running = own
    prices.look(!browser.document.hidden)
    void keepConnected({
      ...{ open, wire, attention, random, tell, signal: stopped.signal },
      opened(connection, lost) {
        const socket = socketCarrier(connection, {
          ...{ wire, random, lost, aside },
          acknowledged: (ackMs) => tell({ type: 'acknowledged', ...ackTimes.add(ackMs) }),
        })
        giveUp = lost
        carry(socket, { type: 'opened' })
        return { hear: socket.hear, end: () => carry(undefined, { type: 'opening' }) }
      },
      fallBack: () => carry(fallback ?? standIn(attention)),
      rest: () => carry(undefined),
    }).then(() => {
      attention.release()
      if (running === own) running = undefined
      if (!stopped.signal.aborted) return
      tell({ type: 'idle' })
      // Somebody came while it closed.
      if (isWanted()) start()
    })
  }

  /** What a socket does, over HTTP. */
  function standIn(attention: StreamAttention) {
    giveUp = () => undefined
    fallback = httpCarrier({
      ...{ fetch, clock, random, attention, ticks: prices.tell },
      reachable: () => tell({ type: 'reachable' }),
      unreachable: (nextTryAtMs) => tell({ type: 'unreachable', nextTryAtMs }),
      // The next try of a socket finds it out, and ends the line.
      signedOut: attention.interrupt,
    })
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
    asides.forgetAll()
    followings.carry(next)
    prices.carry(next)
  }

  function aside(event: Parameters<typeof asides.tell>[0]) {
    if (event.name === 'ticks') prices.tell(event.data)
    asides.tell(event)
  }

  function tell(step: LineStep) {
    const before = view
    view = lineViewAfter(before, step, clock.now())
    if (view === before) return
    for (const changed of watchers) changed()
  }
}
