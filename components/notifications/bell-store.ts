import { tabLocks } from '#components/live/browser-features.ts'
import type { Step } from '#components/live/clients/client.ts'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { browserClock } from '#components/live/clock.ts'
import { type ConnectionView, connectionAfter, newConnection } from '#components/live/connection.ts'
import { onNews, streamCheck, tellNews } from '#components/live/cross-check.ts'
import { keepConnected } from '#components/live/keep-connected.ts'
import { type PageActivity, watchPage } from '#components/live/liveness.ts'
import type { Wire } from '#components/live/request.ts'
import {
  type Locks,
  type OpenChannel,
  openBroadcastChannel,
  shareBetweenTabs,
} from '#components/live/tab-sharing.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireNotification, WireNotificationList } from '#server/protocol/notifications.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { type Arrival, type Bell, silentBell } from './bell.ts'
import { announceArrivals } from './bell-arrivals.ts'
import { bellRequests } from './bell-requests.ts'
import { asMarked, type BellEvent, bellAfter, emptyBell } from './bell-state.ts'

/** The bell's state outside React, one for each signed-in viewer and page. */
export type BellStore = {
  /** Connects; returns a function that disconnects. */
  start: () => () => void
  /** For `useSyncExternalStore`. */
  watch: (changed: () => void) => () => void
  current: () => Bell
  onArrival: (listener: (arrival: Arrival) => void) => () => void
}

const freshMs = 5_000
const seqsAtOnce = 300

/** A bell that starts with `initial`, or loads its list when it starts. */
export function createBellStore(
  viewerId: string,
  initial: WireNotificationList | null,
  browserOf: () => BellBrowser = thisBrowser,
): BellStore {
  const watchers = new Set<() => void>()
  const listeners = new Set<(arrival: Arrival) => void>()
  let bell = initial ? bellAfter(emptyBell, { type: 'snapshot', list: initial }) : emptyBell
  let shown = silentBell
  shown = show({ wire: newConnection({ state: 'opening', cursor: initial?.cursor }) })

  return {
    start,
    watch: (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => shown,
    onArrival: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }

  function start() {
    const left = new AbortController()
    const { signal } = left
    const browser = browserOf()
    const { clock, activity } = browser
    const orders = bellRequests({ ...browser, bell: () => bell, apply, signal })
    const announce = announceArrivals({
      ...{ viewerId, clock, locks: browser.locks, signal, unseen: () => activity.unseen },
      tell: (arrival) => {
        for (const listener of listeners) listener(arrival)
      },
    })
    let missed: number[] = []
    let wire: { tryNow: () => void } | undefined

    publish({
      loadOlder: () => void orders.loadOlder(),
      markRead: (seqs) => {
        for (let n = 0; n < seqs.length; n += seqsAtOnce) {
          void orders.mark({ seqs: seqs.slice(n, n + seqsAtOnce) })
        }
      },
      markAllRead: () => {
        const [newest] = shown.notifications
        if (newest && shown.unread > 0) void orders.mark({ upTo: newest.seq })
      },
      tryNow: () => {
        if (wire) wire.tryNow()
        else void connect()
      },
    })
    const check = streamCheck(
      {
        name: 'me',
        cursor: () => bell.cursor,
        isLive: () => ['live', 'catching-up', 'fallback'].includes(shown.wire.state),
        tryNow: () => wire?.tryNow(),
      },
      browser,
      signal,
    )
    const unlisten = onNews('page', check)
    void connect()
    return () => {
      unlisten()
      left.abort()
      activity.release()
    }

    async function connect() {
      if (bell.cursor === undefined && !(await orders.load())) return
      const running = follow()
      wire = running
      await running.over
      wire = undefined
    }

    function follow() {
      const subject = { name: 'me', after: bell.cursor ?? 'now' }
      const { locks, openChannel } = browser
      const options = { ...browser, signal }
      if (locks && openChannel) {
        const name = `wireside-bell-${viewerId}`
        return shareBetweenTabs(subject, { ...options, name, locks, openChannel, onStep, stands: publish })
      }
      const alone = async () => {
        for await (const step of keepConnected(eventStream, subject, options)) {
          onStep(step, connectionAfter(shown.wire, step, clock.now()))
        }
      }
      return { over: alone(), tryNow: activity.interrupt }
    }

    function onStep(step: Step | undefined, view: ConnectionView, late = false) {
      if (signal.aborted) return
      if (step?.type === 'entries') {
        bell = bellAfter(bell, { type: 'entries', entries: step.entries })
        const made = seqsOfMade(step.entries)
        const streams = bell.items.filter(({ seq }) => made.includes(seq)).flatMap(streamsOf)
        if (step.entries.some(({ type }) => type === 'person.renamed')) streams.push('own-name')
        if (streams.length > 0) tellNews('bell', [...new Set(streams)])
        if (step.live) arrive(made)
        else if (!late) missed.push(...made)
      }
      if (step?.type === 'reset') {
        bell = bellAfter(bell, { type: 'reset' })
        void orders.load()
      }
      publish({ wire: view })
      if (view.state === 'live' || view.state === 'fallback') {
        announce(notificationsOf(missed), false)
        missed = []
      }
    }

    function arrive(seqs: readonly number[]) {
      if (seqs.length === 0) return
      announce(notificationsOf(seqs), true)
      publish({ fresh: new Set([...shown.fresh, ...seqs]) })
      void clock.sleep(freshMs, signal).then(() => {
        publish({ fresh: new Set([...shown.fresh].filter((seq) => !seqs.includes(seq))) })
      })
    }
  }

  function apply(event: BellEvent) {
    bell = bellAfter(bell, event)
    publish({})
  }

  function publish(change: Partial<Bell>) {
    shown = show(change)
    for (const changed of watchers) changed()
  }

  function show(change: Partial<Bell>): Bell {
    return {
      ...shown,
      ...change,
      ...asMarked(bell),
      hasOlder: bell.nextBefore !== null,
      loadingOlder: bell.loadingOlder,
      lastError: bell.lastError,
      loaded: bell.cursor !== undefined,
    }
  }

  /** Those of `seqs` that are unread. */
  function notificationsOf(seqs: readonly number[]) {
    return bell.items.filter(({ seq, readAt }) => readAt === null && seqs.includes(seq))
  }
}

function seqsOfMade(entries: readonly WireEntry[]): number[] {
  return entries.filter(({ type }) => type === 'notification.made').map(({ seq }) => seq)
}

/** The names of the streams and lists that a notification concerns: a page that shows one checks it at once. */
function streamsOf(notification: WireNotification): string[] {
  switch (notification.kind) {
    case 'loan':
    case 'payment':
    case 'application':
      return [`loan:${notification.data.loanId}`, 'loans']
    case 'like':
    case 'comment':
      return ['feed']
    case 'mention':
    case 'invitation':
      return 'roomId' in notification.data ? [`room:${notification.data.roomId}`, 'rooms'] : ['feed']
    case 'order':
      return ['account']
    case 'sign-in':
      return ['sessions']
    case 'alert':
      return ['alerts']
  }
}

/**
 * The browser features that the bell uses. Without locks or channels, as on an insecure origin, each tab is on its own.
 */
type BellBrowser = Wire & {
  activity: PageActivity
  locks: Locks | undefined
  openChannel: OpenChannel | undefined
}

/** This page's browser; the caller must release its activity. */
function thisBrowser(): BellBrowser {
  const locks = tabLocks()
  return {
    fetch: pageRecorder.fetch,
    clock: browserClock,
    // A tab that shares its connection keeps it for the others; on its own, it would occupy one of six per host.
    activity: watchPage({ document, window }, locks ? 'keep' : 'pause'),
    locks,
    openChannel: locks && openBroadcastChannel,
  }
}
