import { isSendable } from './backplane.ts'

export type Message = readonly [channel: string, text: string]

export type Outbox = {
  add(channel: string, text: string): void
  /** Resolves when everything added so far has been sent or is lost. */
  sent(): Promise<void>
  published(): number
  close(): Promise<void>
}

type Batch = { messages: Message[]; chars: number; ended: PromiseWithResolvers<void> }

const mostWaitingChars = 8_000_000
/** An empty message takes memory too. */
const charsAMessage = 100

/**
 * Messages waiting to be sent, bounded in memory: one batch in flight at a time, the next with all that was added
 * meanwhile. What exceeds the bound, and a batch that fails, is lost: receivers read the log anyway.
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

  /**
   * The end of the batch with the newest message. Awaiting an empty outbox instead would take as long as others keep
   * adding.
   */
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
