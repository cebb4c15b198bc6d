type OnMessage = (message: string) => void

/** Who wants what, in this process. */
export type Subscriptions = {
  /** Gives the function that ends it. */
  add(channel: string, onMessage: OnMessage): () => void
  has(channel: string): boolean
  channels(): Iterable<string>
  /** Calls whoever wants it; what one of them throws is a warning of the process, and not the others' concern. */
  deliver(channel: string, message: string): void
}

/** `changed` is told of a channel that now has its first subscriber, or no longer any. */
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
          // Thrown on, it would leave the handler of the connection that carries all channels, and end the process.
          process.emitWarning(error instanceof Error ? error : String(error))
        }
      }
    },
  }
}
