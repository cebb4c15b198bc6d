import { browserClock } from '#components/live/clock.ts'
import { stream as followStream } from '#components/live/event-stream.ts'
import type { StreamAttention } from '#components/live/stream-attention.ts'
import type { OpenClient } from '../clients/client.ts'

/**
 * The page's own half of Server-Sent Events, with a cookie and without a browser: it notices what holds a stream back,
 * which a bare client does not, and goes on by long polling. `fellBack` is called each time it does.
 */
export function pageStream(fellBack: () => void): OpenClient {
  return ({ port, host = '127.0.0.1', cookie, stream, letIn }, hear) => {
    const left = new AbortController()
    let isOpen = false
    let requests = 0
    const wire = {
      clock: browserClock,
      fetch: (url: string, init: RequestInit = {}) => {
        requests += 1
        const headers = { ...Object.fromEntries(new Headers(init.headers)), cookie }
        return fetch(`http://${host}:${port}${url}`, { ...init, headers })
      },
    }

    async function follow() {
      const options = { ...wire, attention: alwaysOnShow(), signal: left.signal }
      for await (const step of followStream({ name: stream, after: 'now' }, options)) {
        if (step.type === 'ready' && !isOpen) {
          isOpen = true
          letIn?.()
        }
        if (step.type === 'fallback') fellBack()
        if (step.type !== 'entries') continue
        const epoch = step.cursor.slice(0, step.cursor.indexOf('.'))
        for (const entry of step.entries) hear({ type: 'entry', entry, cursor: `${epoch}.${entry.seq}` })
      }
    }
    void follow()
    return {
      isOpen: () => isOpen,
      close: () => left.abort(),
      counts: () => ({
        requests,
        ...{ empty: 0, reconnects: Math.max(0, requests - 1), refused: 0, bytesUp: 0, bytesDown: 0 },
      }),
    }
  }
}

/** A page that somebody looks at, on a machine that does not sleep. */
function alwaysOnShow(): StreamAttention {
  let change = new AbortController()
  return {
    hidden: false,
    unseen: false,
    get change() {
      return change.signal
    },
    interrupt() {
      const before = change
      change = new AbortController()
      before.abort()
    },
    release: () => undefined,
  }
}
