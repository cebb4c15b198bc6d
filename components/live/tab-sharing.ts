import type { ClientOptions, Step, StreamSubject } from './clients/client.ts'
import { eventStream } from './clients/event-stream.ts'
import { type ConnectionView, connectionAfter, newConnection } from './connection.ts'
import { keepConnected } from './keep-connected.ts'
import { applyEntries, fillGap, isBeyond } from './position.ts'
import { watchLeader } from './tab-leader.ts'

export type ShareOptions<Data> = ClientOptions & {
  /** The name of the lock and of the channel; different for each user. */
  name: string
  locks: Locks
  openChannel: OpenChannel
  /**
   * Called with each entry once and in order, in every tab. `late`: another tab had the entries first, and this one has
   * polled for them since.
   */
  onStep: (step: Step<Data> | undefined, view: ConnectionView, late: boolean) => void
  /** Called with how many tabs share the stream, and whether this one holds the connection. */
  stands: (standing: { tabs: number; leads: boolean }) => void
}

/**
 * Follows a stream over one connection for all of a browser's tabs: the holder of the lock leads, the others follow on
 * the channel. Each tab keeps its own position, so that a change of leader neither loses nor repeats anything.
 */
export function shareBetweenTabs<Data>(subject: StreamSubject, options: ShareOptions<Data>) {
  const { activity, clock, signal } = options
  const position = { ...subject }
  const over = new AbortController()
  const ended = AbortSignal.any([signal, over.signal])
  let visit: Visit | undefined

  const stay = async () => {
    while (!ended.aborted) {
      const change = activity.change
      if (activity.suspended) {
        visit?.leave()
        visit = undefined
        options.onStep(
          { type: 'paused' },
          connectionAfter(newConnection({ state: 'opening', cursor: position.after }), { type: 'paused' }, 0),
          false,
        )
      } else visit ??= visitTabs(position, options, over, ended)
      await clock.sleep(Number.POSITIVE_INFINITY, AbortSignal.any([ended, change]))
    }
    visit?.leave()
  }
  return { over: stay(), tryNow: () => visit?.tryNow() }
}

/** How long a message may take to reach the other tabs, in ms. */
const hearsayMs = 1_000

type Visit = { leave: () => void; tryNow: () => void }

/** One stay among the tabs, from joining (or returning) to leaving. */
function visitTabs<Data>(
  position: StreamSubject,
  options: ShareOptions<Data>,
  over: AbortController,
  ended: AbortSignal,
): Visit {
  const { activity, clock, locks, name } = options
  const left = new AbortController()
  const away = AbortSignal.any([ended, left.signal])
  let view = newConnection({ state: 'opening', cursor: position.after })
  let leading: AbortController | undefined
  let following = new AbortController()
  let candidacy = new AbortController()
  let steals = false
  let work = Promise.resolve()
  let tabs = 1
  let reported: { tabs: number; leads: boolean } | undefined
  let unseenSinceMs: number | undefined

  const channel: Channel = options.openChannel(name, hear)
  const watch = watchLeader({
    clock,
    unseen: () => activity.unseen,
    leads: () => leading !== undefined,
    ask: () => channel.post({ type: 'ask', hello: false }),
    ticked: look,
    replace() {
      steals = true
      candidacy.abort()
    },
    signal: away,
  })
  away.addEventListener('abort', () => channel.close(), { once: true })
  channel.post({ type: 'ask', hello: true })
  void stand()
  return {
    leave: () => left.abort(),
    tryNow: () => (leading ? activity.interrupt() : channel.post({ type: 'try-now' })),
  }

  /** Runs for leader as long as the tab stays; when deposed, it queues again at the end. */
  async function stand() {
    while (!away.aborted) {
      candidacy = new AbortController()
      const how: LockOptions = steals
        ? { steal: true }
        : { signal: AbortSignal.any([away, candidacy.signal]) }
      steals = false
      let granted = false
      try {
        await locks.request(name, how, () => {
          granted = true
          return lead()
        })
      } catch {
        // Deposed by a tab that got no answer from this one, or this one gave up waiting.
        leading?.abort()
        stepBack()
        // Or the browser denies locks to this page: it connects by itself, since requesting the lock again would loop
        // for ever.
        if (!granted && !candidacy.signal.aborted && !away.aborted) await lead()
      }
    }
  }

  async function lead() {
    if (away.aborted) return
    const mine = new AbortController()
    leading = mine
    following.abort()
    await work
    report()
    channel.post({ type: 'here', unseenSinceMs })
    const until = AbortSignal.any([away, mine.signal])
    for await (const step of keepConnected<Data>(
      eventStream,
      { ...position },
      { ...options, signal: until },
    )) {
      if (until.aborted) break
      if (step.type === 'entries') position.after = step.cursor
      if (step.type === 'reset') position.after = step.head
      view = connectionAfter(view, step, clock.now())
      channel.post({ type: 'wire', view, step })
      tell(step)
    }
    // If the lock were released at once, the next tab would connect before it learns that the session is over.
    if (over.signal.aborted) await clock.sleep(hearsayMs, options.signal)
    if (leading === mine) stepBack()
  }

  function stepBack() {
    leading = undefined
    following = new AbortController()
    if (!away.aborted) report()
  }

  function hear(message: TabMessage) {
    if (message.type === 'try-now') return leading && activity.interrupt()
    if (message.type === 'ask') {
      if (!leading) return
      return channel.post(message.hello ? { type: 'wire', view } : { type: 'here', unseenSinceMs })
    }
    // A tab that has just become leader must learn of the session's end too.
    if (leading && !(message.type === 'wire' && isLast(message.step))) return
    const until = following.signal
    watch.answered(message.type === 'here' ? message.unseenSinceMs : undefined)
    if (message.type !== 'wire') return
    if (!isLast(message.step)) work = work.then(() => follow(message, until))
    else {
      view = message.view
      tell(message.step as Step<Data>)
    }
  }

  async function follow(message: Extract<TabMessage, { type: 'wire' }>, until: AbortSignal) {
    if (until.aborted || away.aborted) return
    view = message.view
    const step = message.step as Step<Data> | undefined
    const signal = AbortSignal.any([until, away])
    if (step?.type === 'entries') {
      const page = { entries: step.entries, through: step.cursor }
      const missedUpTo = step.live ? 0 : Number.POSITIVE_INFINITY
      for await (const own of applyEntries(position, page, missedUpTo, options, signal)) tell(own)
    } else {
      if (step?.type === 'reset') position.after = step.head
      tell(step)
    }
    // The leader may have started or continued beyond what this tab has seen.
    if (view.cursor !== undefined && isBeyond(view.cursor, position.after)) {
      for await (const own of fillGap<Data>(position, options, signal)) tell(own, true)
    }
  }

  function tell(step: Step<Data> | undefined, late = false) {
    options.onStep(step, { ...view, cursor: position.after }, late)
    if (isLast(step)) over.abort()
  }

  function look() {
    unseenSinceMs = activity.unseen ? (unseenSinceMs ?? clock.now()) : undefined
    const counted = ({ held = [], pending = [] }: LockManagerSnapshot) => {
      tabs = [...held, ...pending].filter((lock) => lock.name === name).length
      if (!away.aborted) report()
    }
    locks.query().then(counted, () => counted({}))
  }

  function report() {
    const next = { tabs: Math.max(1, tabs), leads: leading !== undefined }
    if (next.tabs === reported?.tabs && next.leads === reported.leads) return
    reported = next
    options.stands(next)
  }
}

function isLast(step: Step | undefined): boolean {
  return step?.type === 'signed-out' || step?.type === 'refused'
}

/** The messages between the tabs of one browser about the stream they share. */
export type TabMessage =
  /** A follower asks whether the leader is alive; `hello`: and for the state of its connection. */
  | { type: 'ask'; hello: boolean }
  /** The leader is alive. `unseenSinceMs`: since when it has been hidden. */
  | { type: 'here'; unseenSinceMs: number | undefined }
  /** The state of the leader's connection, and the step that led to it. */
  | { type: 'wire'; view: ConnectionView; step?: Step }
  /** A tab wants the stream opened at once. */
  | { type: 'try-now' }

/** The channel between the tabs; a message reaches all the others. */
type Channel = { post: (message: TabMessage) => void; close: () => void }
export type OpenChannel = (name: string, onMessage: (message: TabMessage) => void) => Channel

/** The part of Web Locks that is used. */
export type Locks = Pick<LockManager, 'request' | 'query'>

export const openBroadcastChannel: OpenChannel = (name, onMessage) => {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }: MessageEvent<TabMessage>) => onMessage(data)
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}
