import { isSendable } from './backplane.ts'

export type Message = readonly [channel: string, text: string]

export type Outbox = {
  add(channel: string, text: string): void
  /** Resolves when all that was added until now has been sent, or is lost. */
  sent(): Promise<void>
  published(): number
  close(): Promise<void>
}

const mostWaitingChars = 8_000_000
/** An empty message takes memory too. */
const charsAMessage = 100

/**
 * What waits to be sent, at most so much that memory bears it: one batch under way at a time, the next with all that
 * came meanwhile. What is too much, and a batch that fails, is lost: whoever hears of less than there is reads the log.
 */
export function createOutbox(send: (messages: readonly Message[]) => Promise<unknown>): Outbox {
  let waiting: Message[] = []
  let waitingChars = 0
  let sending: Promise<void> | undefined
  let published = 0
  let closed = false

  async function sendAll() {
    while (waiting.length > 0) {
      const messages = waiting
      waiting = []
      waitingChars = 0
      try {
        await send(messages)
        published += messages.length
      } catch {
        // Lost, as any message may be.
      }
    }
    sending = undefined
  }

  return {
    add(channel, text) {
      const chars = channel.length + text.length + charsAMessage
      if (closed || waitingChars + chars > mostWaitingChars || !isSendable(channel, text)) return
      waiting.push([channel, text])
      waitingChars += chars
      sending ??= sendAll()
    },
    sent: async () => sending,
    published: () => published,
    async close() {
      closed = true
      await sending
    },
  }
}
