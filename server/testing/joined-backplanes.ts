import type { Backplane } from '#server/backplane/backplane.ts'

/** One node's end. While cut it neither receives nor is received; healed quietly, it does not learn that it was cut. */
export type JoinedBackplane = Pick<Backplane, 'publish' | 'subscribe' | 'onReconnect'> & {
  cut(): void
  heal(how?: { quietly: boolean }): void
  /** Everything published here, as channel and message. */
  published: [string, string][]
}

/**
 * Backplanes of nodes in one process: messages are delivered before `publish` returns. Subscriptions take a microtask.
 */
export function joinedBackplanes(count: number): JoinedBackplane[] {
  const receivers: ((channel: string, message: string) => void)[] = []
  return Array.from({ length: count }, (_, own) => {
    const listeners = new Map<string, Set<(message: string) => void>>()
    const catchUps: (() => void)[] = []
    const published: [string, string][] = []
    let connected = true
    receivers.push((channel, message) => {
      if (connected) for (const listen of listeners.get(channel) ?? []) listen(message)
    })
    return {
      published,
      publish(channel, message) {
        published.push([channel, message])
        if (!connected) return
        for (const [nth, receive] of receivers.entries()) if (nth !== own) receive(channel, message)
      },
      async subscribe(channel, onMessage) {
        const all = listeners.get(channel) ?? new Set()
        listeners.set(channel, all.add(onMessage))
        return () => void all.delete(onMessage)
      },
      onReconnect: (catchUp) => void catchUps.push(catchUp),
      cut() {
        connected = false
      },
      heal({ quietly } = { quietly: false }) {
        connected = true
        if (quietly) return
        for (const catchUp of catchUps) catchUp()
      },
    }
  })
}
