import type { Clock } from '#components/live/clock.ts'
import type { ConnectionView } from '#components/live/connection.ts'
import { watchPage } from '#components/live/liveness.ts'
import {
  type Locks,
  type OpenChannel,
  shareBetweenTabs,
  type TabMessage,
} from '#components/live/tab-sharing.ts'
import { fakeClock, settled } from './fake-clock.ts'
import { fakeStreamServer } from './fake-stream-server.ts'

/** For tests: a browser with in-memory Web Locks and channels, whose tabs share a fake server's stream. */
export function fakeTabs() {
  const clock = fakeClock()
  const server = fakeStreamServer(clock)
  const locks = fakeLocks()
  const openChannel = fakeChannels()
  return {
    clock,
    server,
    locks,
    pass: (ms: number) => clock.pass(ms).then(settled),
    open({ after = 'k7aa.0', user = 'nora', hidden = false } = {}) {
      const document = Object.assign(new EventTarget(), { hidden })
      const window = new EventTarget()
      const leaving = new AbortController()
      const activity = watchPage({ document, window }, 'keep')
      const seqs: number[] = []
      const tab = {
        seqs,
        activity,
        tabs: 0,
        leads: false,
        resets: 0,
        view: undefined as ConnectionView | undefined,
        thawed: Promise.resolve(),
        freeze() {
          const { promise, resolve } = Promise.withResolvers<void>()
          tab.thawed = promise
          return resolve
        },
        page: (event: string) => window.dispatchEvent(new Event(event)),
        close: () => leaving.abort(),
        tryNow: () => shared.tryNow(),
      }
      const shared = shareBetweenTabs(
        { name: 'me', after },
        {
          name: `bell-${user}`,
          locks,
          activity,
          openChannel: (name, heard) => openChannel(name, (message) => tab.thawed.then(() => heard(message))),
          clock: freezing(clock, () => tab.thawed),
          fetch: async (url, init) => {
            await tab.thawed
            return frozenWith(() => tab.thawed, await server.fetch(url, init))
          },
          random: () => 0.5,
          signal: leaving.signal,
          onStep: (step, view) => {
            if (step?.type === 'entries') seqs.push(...step.entries.map(({ seq }) => seq))
            if (step?.type === 'reset') tab.resets += 1
            tab.view = view
          },
          stands: (standing) => Object.assign(tab, standing),
        },
      )
      return Object.assign(tab, { over: shared.over })
    },
  }
}

/** In-memory broadcast channels: a message reaches all others of the same name a moment later. */
export function fakeChannels(): OpenChannel {
  const hub = new Map<string, Set<(message: TabMessage) => void>>()
  return (name, heard) => {
    const all = hub.get(name) ?? new Set()
    hub.set(name, all)
    all.add(heard)
    return {
      post(message) {
        const copy = structuredClone(message)
        for (const other of all) if (other !== heard) setImmediate(() => all.has(other) && other(copy))
      },
      close: () => all.delete(heard),
    }
  }
}

/** The same clock for a tab whose timers stop while it is frozen. */
function freezing(clock: Clock, thawed: () => Promise<void>): Clock {
  return {
    now: clock.now,
    async sleep(ms, signal) {
      await clock.sleep(ms, signal)
      await thawed()
    },
  }
}

/** The same response for a tab that reads nothing while it is frozen. */
function frozenWith(thawed: () => Promise<void>, response: Response): Response {
  if (!response.body) return response
  const slow = new TransformStream({
    async transform(chunk, controller) {
      await thawed()
      controller.enqueue(chunk)
    },
  })
  return new Response(response.body.pipeThrough(slow), response)
}

type Waiting = { name: string; steal: boolean; grant: () => void; drop: (reason: unknown) => void }

/** Exclusive Web Locks only: first come, first served, unless stolen. */
export function fakeLocks(): Locks {
  const held = new Map<string, Waiting>()
  const pending: Waiting[] = []

  const request = <T>(
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => Promise<T>,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const { signal } = options
      if (signal?.aborted) return reject(signal.reason)
      if (options.ifAvailable && held.has(name)) return resolve(callback(null))
      const own: Waiting = { name, steal: options.steal ?? false, drop: reject, grant }
      function grant() {
        held.set(name, own)
        signal?.removeEventListener('abort', giveUp)
        void callback({ name, mode: 'exclusive' })
          .then(resolve, reject)
          .finally(() => {
            if (held.get(name) !== own) return
            held.delete(name)
            next(name)
          })
      }
      function giveUp() {
        pending.splice(pending.indexOf(own), 1)
        reject(signal?.reason)
      }
      if (own.steal) {
        held.get(name)?.drop(new DOMException('Stolen', 'AbortError'))
        return grant()
      }
      if (!held.has(name)) return grant()
      pending.push(own)
      signal?.addEventListener('abort', giveUp, { once: true })
    })

  const next = (name: string) => {
    const first = pending.findIndex((waiting) => waiting.name === name)
    if (first >= 0) pending.splice(first, 1)[0]?.grant()
  }
  const query = async () => ({
    held: [...held.keys()].map((name) => ({ name })),
    pending: pending.map(({ name }) => ({ name })),
  })
  return { request, query } as unknown as Locks
}
