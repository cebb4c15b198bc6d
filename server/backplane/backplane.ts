/**
 * Carries news between the nodes of one database, at most once and best effort: what must not be lost is in Postgres,
 * and whoever hears of it reads it there.
 */
export type Backplane = {
  /** Hands `message` to who has subscribed to `channel` on other nodes. Never waits and never throws. */
  publish(channel: string, message: string): void
  /**
   * Calls `onMessage` for each message on `channel` that another node publishes. Resolves when the subscription is in
   * force, or after 200 ms; to the function that ends it.
   */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => void>
  /** Calls `catchUp` when all subscriptions are in force again: what was published meanwhile is lost. */
  onReconnect(catchUp: () => void): void
  isConnected(): boolean
}
