import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { Person } from './person.ts'

/** One frame of an event stream; frames with entries have no `event`. */
export type Frame = EventSourceMessage

/** An open event stream. Iterate it once; it ends when the server ends it, and throws when the connection breaks. */
export type EventStream = AsyncIterable<Frame> & {
  /** Status and headers; a refusal's body is unread, and there are no frames. */
  answer: Response
  /** The value of the last `retry:` line. */
  retryMs(): number | undefined
  /** Closes the connection, which ends the iteration. */
  close(): Promise<void>
}

type Options = { after?: string | undefined; lastEventId?: string | undefined }

/** Follows `stream` as this person, like any SSE client. */
export async function eventStream(
  person: Pick<Person, 'get'>,
  stream: string,
  { after, lastEventId }: Options = {},
): Promise<EventStream> {
  const answer = await person.get(`/api/streams/${stream}${after === undefined ? '' : `?after=${after}`}`, {
    accept: 'text/event-stream',
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  })
  const reader = answer.ok ? answer.body?.getReader() : undefined
  let retryMs: number | undefined

  async function* frames(): AsyncGenerator<Frame, void> {
    const text = new TextDecoder()
    const heard: Frame[] = []
    const parser = createParser({
      onEvent: (frame) => void heard.push(frame),
      onRetry: (ms) => {
        retryMs = ms
      },
    })
    while (reader) {
      const { value, done } = await reader.read()
      if (done) return
      parser.feed(text.decode(value, { stream: true }))
      yield* heard.splice(0)
    }
  }

  return {
    answer,
    retryMs: () => retryMs,
    [Symbol.asyncIterator]: frames,
    close: async () => reader?.cancel(),
  }
}
