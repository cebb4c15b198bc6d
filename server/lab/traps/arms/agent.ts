/** Who walks into a trap: this browser, or a program that keeps the browser's rule. */
export type Agent = {
  /** Begins a sentence: `This browser`. */
  name: string
  /** Asks, past no cache that a browser would use, and gives the body. */
  ask(url: string, signal: AbortSignal): Promise<string>
  listen(url: string, heard: (data: string) => void): Listening
}

type Listening = { opened: Promise<void>; close(): void }

/** Both arms against the servers that the trap has opened `at`; the failing one first. */
export type WalkIn = (at: string, agent: Agent, signal: AbortSignal) => Promise<Walked>
export type Walked = { failing: Arm; working: Arm }
export type Arm = { title: string; fell: boolean; seen: string[] }

/** What the web platform does by itself: `fetch` with cookies and revalidation, and `EventSource`. */
export function platformAgent(name: string): Agent {
  return {
    name,
    async ask(url, signal) {
      const answer = await fetch(url, { credentials: 'include', cache: 'no-cache', signal })
      return answer.text()
    },
    listen(url, heard) {
      // A browser keeps a pool of connections for what goes with cookies, and another for what goes without.
      const source = new EventSource(url, { withCredentials: true })
      source.addEventListener('message', ({ data }) => heard(data))
      const opened = new Promise<void>((resolve) => {
        source.addEventListener('open', () => resolve(), { once: true })
      })
      return { opened, close: () => source.close() }
    },
  }
}

/** Resolves after `ms`; rejects when `signal` aborts before. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', left)
      resolve()
    }, ms)
    if (signal.aborted) left()
    else signal.addEventListener('abort', left, { once: true })
  })
}
