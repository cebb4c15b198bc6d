/** What runs a trap: this browser, or a program that follows the browser's rules. */
export type Agent = {
  /** The start of a sentence: `This browser`. */
  name: string
  /** Sends a request, using the cache as a browser would, and returns the body. */
  ask(url: string, signal: AbortSignal): Promise<string>
  listen(url: string, heard: (data: string) => void): Listening
}

type Listening = { opened: Promise<void>; close(): void }

/** Runs both arms against the servers that the trap has opened `at`, the failing one first. */
export type WalkIn = (at: string, agent: Agent, signal: AbortSignal) => Promise<Walked>
export type Walked = { failing: Arm; working: Arm }
export type Arm = { title: string; fell: boolean; seen: string[] }

/** The web platform's own behaviour: `fetch` with cookies and revalidation, and `EventSource`. */
export function platformAgent(name: string): Agent {
  return {
    name,
    async ask(url, signal) {
      const answer = await fetch(url, { credentials: 'include', cache: 'no-cache', signal })
      return answer.text()
    },
    listen(url, heard) {
      // Browsers keep separate connection pools for requests with and without credentials.
      const source = new EventSource(url, { withCredentials: true })
      source.addEventListener('message', ({ data }) => heard(data))
      const opened = new Promise<void>((resolve) => {
        source.addEventListener('open', () => resolve(), { once: true })
      })
      return { opened, close: () => source.close() }
    },
  }
}

/** Resolves after `ms`; rejects when `signal` aborts first. */
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
