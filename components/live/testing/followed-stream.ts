import type { Step, StreamSubject } from '#components/live/clients/client.ts'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { connectionAfter, newConnection } from '#components/live/connection.ts'
import { keepConnected } from '#components/live/keep-connected.ts'
import { watchPage } from '#components/live/liveness.ts'
import { fakeClock, settled } from './fake-clock.ts'
import { fakeStreamServer } from './fake-stream-server.ts'

type Setup = {
  after?: string
  beatMs?: number
  random?: () => number
  whileHidden?: 'keep' | 'pause'
}

/** For tests: a page that follows a fake server's stream, with a clock of its own. */
export function followedStream({ after = 'k7aa.0', beatMs, random = () => 0.5, ...setup }: Setup = {}) {
  const clock = fakeClock()
  const server = fakeStreamServer(clock, { beatMs })
  const leaving = new AbortController()
  const document = Object.assign(new EventTarget(), { hidden: false })
  const window = new EventTarget()
  const activity = watchPage({ document, window }, setup.whileHidden ?? 'keep')
  const steps: Step[] = []
  let view = newConnection({ state: 'opening', cursor: after })

  const run = async (subject: StreamSubject) => {
    const { fetch } = server
    for await (const step of keepConnected(eventStream, subject, {
      fetch,
      clock,
      activity,
      random,
      signal: leaving.signal,
    })) {
      steps.push(step)
      view = connectionAfter(view, step, clock.now())
    }
  }
  const finished = run({ name: 'me', after })
  return {
    clock,
    server,
    activity,
    steps,
    finished,
    get view() {
      return view
    },
    pass: (ms: number) => clock.pass(ms).then(settled),
    types: () => steps.map(({ type }) => type),
    last: () => steps.at(-1),
    seqs: () => steps.flatMap((step) => (step.type === 'entries' ? step.entries.map(({ seq }) => seq) : [])),
    sse: () => server.requests.filter(({ sse }) => sse),
    polls: () => server.requests.filter(({ sse }) => !sse),
    hide(hidden: boolean) {
      document.hidden = hidden
      document.dispatchEvent(new Event('visibilitychange'))
    },
    page: (event: 'freeze' | 'resume') => document.dispatchEvent(new Event(event)),
    line: (event: 'online' | 'offline' | 'pagehide' | 'pageshow') => window.dispatchEvent(new Event(event)),
    leave: () => leaving.abort(),
  }
}
