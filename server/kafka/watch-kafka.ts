import { setTimeout as pause } from 'node:timers/promises'
import type { Kafka } from './connection.ts'

export type WatchedKafka = {
  /** Whether Kafka has responded recently. */
  isConnected(): boolean
  close(): Promise<void>
}

const askEveryMs = 1_000
const reopenMs = 250

/**
 * Requests Kafka's metadata every second, in a process that has no other way to know whether it is available. Never
 * throws.
 */
export function watchKafka(kafka: Kafka): WatchedKafka {
  const closing = new AbortController()
  const { signal } = closing
  let connected = false

  async function run() {
    while (!signal.aborted) {
      const admin = kafka.admin()
      try {
        while (!signal.aborted) {
          await admin.metadata({ topics: [], forceUpdate: true })
          connected = true
          await pause(askEveryMs, undefined, { signal })
        }
      } catch {
        connected = false
      } finally {
        await admin.close().catch(() => undefined)
      }
      await pause(reopenMs, undefined, { signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    isConnected: () => connected,
    async close() {
      closing.abort()
      await running
    },
  }
}
