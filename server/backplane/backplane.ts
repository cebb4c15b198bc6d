/**
 * Carries notifications between the nodes of one database, best effort and at most once: what must not be lost is in
 * Postgres, and whoever is notified reads it there.
 *
 * Messages on one channel from one node arrive in publishing order. A node does not receive its own. A message larger
 * than `mostMessageBytes` is not sent, nor is one published while the engine is unreachable.
 */
export type Backplane = {
  /**
   * Joins the nodes of this epoch of the log, because other databases, or earlier epochs of this one, may share the
   * engine. Nothing is delivered before that.
   */
  begin(epoch: string): void
  /** Sends `message` to the subscribers of `channel` on other nodes. Never waits and never throws. */
  publish(channel: string, message: string): void
  /**
   * Resolves when everything published so far has been sent or is lost. Awaiting it between messages lets callers
   * coalesce.
   */
  sent(): Promise<void>
  /**
   * Calls `onMessage` for each message that another node publishes on `channel`. Resolves, to a function that
   * unsubscribes, when the subscription is in force, or after 200 ms; at once while the engine is unreachable. Never
   * rejects.
   */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => void>
  /** Calls `catchUp` when all subscriptions are in force again: what was published meanwhile is lost. */
  onReconnect(catchUp: () => void | Promise<void>): void
  isConnected(): boolean
  /** Call it when something was published but not received: reconnects, at most once in 30 s. */
  doubt(): void
  counts(): { published: number; received: number }
  close(): Promise<void>
}

/** The limit in UTF-8 bytes, of channel and message together as JSON. */
export const mostMessageBytes = 64_000

/** Whether a message is short enough to be sent. */
export function isSendable(channel: string, message: string): boolean {
  const mostBytesAChar = 6
  if ((channel.length + message.length) * mostBytesAChar < mostMessageBytes) return true
  return Buffer.byteLength(JSON.stringify([channel, message])) <= mostMessageBytes
}
