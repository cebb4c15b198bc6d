import type { StreamListener } from '#components/live/reader.ts'
import { createSharedSocket } from '#components/live/shared-socket.ts'
import { fakeClock, settled } from './fake-clock.ts'
import { fakeSocketServer } from './fake-socket-server.ts'

/** For tests: a page connected to a fake server, with a clock of its own. */
export function socketPage({ random = () => 0.5 }: { random?: () => number } = {}) {
  const clock = fakeClock()
  const server = fakeSocketServer(clock)
  const document = Object.assign(new EventTarget(), { hidden: false })
  const window = new EventTarget()
  const { fetch } = server
  const line = createSharedSocket({
    ...{ fetch, clock, random, browser: { document, window } },
    connector: () => server.open,
    report: (fault) => faults.push(fault),
  })
  const states: string[] = []
  const faults: unknown[] = []
  line.watch(() => {
    const { state } = line.view()
    if (states.at(-1) !== state) states.push(state)
  })
  const letGo = line.hold()
  return {
    ...{ clock, server, line, states, faults },
    /** Leaves, and lets the connection close. */
    async leave() {
      letGo()
      await clock.pass(5_000)
    },
    letGo,
    pass: (ms: number) => clock.pass(ms).then(settled),
    follow(name = 'room:a', after = 'k7aa.0', options: { background?: boolean } = {}) {
      const heard = createHeard()
      return { ...heard, ...line.follow({ name, after }, heard.listener, options) }
    },
    hide(hidden: boolean) {
      document.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    },
    page: (event: 'freeze' | 'resume') => document.dispatchEvent(new Event(event)),
    browser: (event: 'online' | 'offline' | 'pagehide' | 'pageshow') =>
      window.dispatchEvent(new Event(event)),
  }
}

function createHeard() {
  const given: { seq: number; live: boolean }[] = []
  const resets: string[] = []
  const ends: (number | undefined)[] = []
  const listener: StreamListener = {
    entries: (entries, live) => given.push(...entries.map(({ seq }) => ({ seq, live }))),
    reset: (head) => resets.push(head),
    ended: (problem) => ends.push(problem?.status),
  }
  return {
    ...{ listener, given, resets, ends },
    seqs: () => given.map(({ seq }) => seq),
  }
}
