import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { StreamBeat, StreamBye, StreamReady, StreamReset, WireEntry } from '#server/protocol/protocol.ts'

/** What a stream says. Entries that came in one chunk stand together; `cursor` is the last one's. */
export type Frame =
  | ({ type: 'ready'; cursor: string } & StreamReady)
  | { type: 'entries'; entries: WireEntry[]; cursor: string }
  | ({ type: 'beat' } & StreamBeat)
  | ({ type: 'reset' } & StreamReset)
  | ({ type: 'bye' } & StreamBye)

/**
 * Reads an event stream (WHATWG HTML, 9.2) and yields, for each chunk that arrives, the frames which it completed:
 * none when it ended inside of one. Ends when the body does or `signal` aborts; throws what the body throws, and a
 * `SyntaxError` on data that is not JSON.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Frame[], void> {
  const decoder = new TextDecoder()
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  const reader = body.getReader()
  // Whoever stands between us and the network may not pass an abort on.
  const stop = () => void reader.cancel().catch(ignoreDeadBody)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }))
      yield messages.splice(0).reduce<Frame[]>(withMessage, [])
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

function withMessage(frames: Frame[], { event, id, data }: EventSourceMessage): Frame[] {
  switch (event) {
    case undefined:
    case 'message': {
      const entry = JSON.parse(data) as WireEntry
      const before = frames.at(-1)
      const cursor = id ?? ''
      if (before?.type !== 'entries') return [...frames, { type: 'entries', entries: [entry], cursor }]
      before.entries.push(entry)
      before.cursor = cursor
      return frames
    }
    case 'ready':
      return [...frames, { type: 'ready', cursor: id ?? '', ...(JSON.parse(data) as StreamReady) }]
    case 'beat':
      return [...frames, { type: 'beat', ...(JSON.parse(data) as StreamBeat) }]
    case 'reset':
      return [...frames, { type: 'reset', ...(JSON.parse(data) as StreamReset) }]
    case 'bye':
      return [...frames, { type: 'bye', ...(JSON.parse(data) as StreamBye) }]
    default:
      return frames
  }
}

/** A body that has failed rejects its own cancelling; its reader has been told already. */
function ignoreDeadBody() {
  return
}
