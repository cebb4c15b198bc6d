type OnMessage = (message: string) => void

/** The subscribers of this process, by channel. */
export type Subscriptions = {
  /** Returns a function that unsubscribes. */
  add(channel: string, onMessage: OnMessage): () => void
  has(channel: string): boolean
  channels(): Iterable<string>
  /** Calls every subscriber; if one throws, the process emits a warning and the others are still called. */
  deliver(channel: string, message: string): void
}

/** Calls `changed` when a channel gets its first subscriber or loses its last. */
export function createSubscriptions(changed: (channel: string) => void = () => undefined): Subscriptions {
  const byChannel = new Map<string, Set<{ onMessage: OnMessage }>>()

  return {
    add(channel, onMessage) {
      const subscriber = { onMessage }
      const subscribers = byChannel.get(channel) ?? new Set()
      subscribers.add(subscriber)
      byChannel.set(channel, subscribers)
      if (subscribers.size === 1) changed(channel)
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return
        byChannel.delete(channel)
        changed(channel)
      }
    },
    has: (channel) => byChannel.has(channel),
    channels: () => byChannel.keys(),
    deliver(channel, message) {
      for (const { onMessage } of [...(byChannel.get(channel) ?? [])]) {
        try {
          onMessage(message)
        } catch (error) {
          // Rethrown, it would escape from the handler of the connection that carries all channels, and end the
          // process.
          process.emitWarning(error instanceof Error ? error : String(error))
        }
      }
    },
  }
}
