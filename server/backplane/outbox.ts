import { isSendable } from './backplane.ts'

export type Message = readonly [channel: string, text: string]

export type Outbox = {
  add(channel: string, text: string): void
  /** Resolves when all that was added until now has been sent, or is lost. */
  sent(): Promise<void>
  published(): number
  close(): Promise<void>
}

type Batch = { messages: Message[]; chars: number; ended: PromiseWithResolvers<void> }

const mostWaitingChars = 8_000_000
/** An empty message takes memory too. */
const charsAMessage = 100

/**
 * What waits to be sent, at most so much that memory bears it: one batch under way at a time, the next with all that
 * came meanwhile. What is too much, and a batch that fails, is lost: whoever hears of less than there is reads the log.
 */
export function createOutbox(send: (messages: readonly Message[]) => Promise<unknown>): Outbox {
  let waiting: Batch | undefined
  let sending: Batch | undefined
  let published = 0
  let closed = false

  async function sendAll() {
    while (waiting) {
      const batch = waiting
      sending = batch
      waiting = undefined
      try {
        await send(batch.messages)
        published += batch.messages.length
      } catch {
        // Lost, as any message may be.
      }
      batch.ended.resolve()
    }
    sending = undefined
  }

  /** Of the batch with what was added last: whoever waits for more than that waits as long as others go on adding. */
  const lastEnded = () => (waiting ?? sending)?.ended.promise

  return {
    add(channel, text) {
      if (closed || !isSendable(channel, text)) return
      const chars = channel.length + text.length + charsAMessage
      if (waiting && waiting.chars + chars > mostWaitingChars) return
      waiting ??= { messages: [], chars: 0, ended: Promise.withResolvers() }
      waiting.messages.push([channel, text])
      waiting.chars += chars
      if (!sending) void sendAll()
    },
    sent: async () => lastEnded(),
    published: () => published,
    async close() {
      closed = true
      await lastEnded()
    },
  }
}
