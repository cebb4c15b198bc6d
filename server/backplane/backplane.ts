/**
 * Carries news between the nodes of one database, at most once and best effort: what must not be lost is in Postgres,
 * and whoever hears of it reads it there.
 *
 * Messages on one channel from one node arrive in the order in which they were published. A node does not hear itself.
 * A message of more than `mostMessageBytes` is not sent, nor is one that is published while nobody can be reached.
 */
export type Backplane = {
  /**
   * Joins the nodes of this epoch of the log: another database, or another life of this one, may share the engine.
   * Before, nobody is reached.
   */
  begin(epoch: string): void
  /** Hands `message` to who has subscribed to `channel` on other nodes. Never waits and never throws. */
  publish(channel: string, message: string): void
  /** Resolves when all that was published until now has been sent, or is lost. Whoever waits for it can send less. */
  sent(): Promise<void>
  /**
   * Calls `onMessage` for each message on `channel` that another node publishes. Resolves when the subscription is in
   * force, or after 200 ms; at once while nobody can be reached. Never rejects. To the function that ends it.
   */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => void>
  /** Calls `catchUp` when all subscriptions are in force again: what was published meanwhile is lost. */
  onReconnect(catchUp: () => void | Promise<void>): void
  isConnected(): boolean
  /** Something was published and not received: takes another connection, at most one in 30 s. */
  doubt(): void
  counts(): { published: number; received: number }
  close(): Promise<void>
}

/** UTF-8, of channel and message together as JSON. */
export const mostMessageBytes = 64_000

/** Whether a message is short enough to be sent. */
export function isSendable(channel: string, message: string): boolean {
  const mostBytesAChar = 6
  if ((channel.length + message.length) * mostBytesAChar < mostMessageBytes) return true
  return Buffer.byteLength(JSON.stringify([channel, message])) <= mostMessageBytes
}
