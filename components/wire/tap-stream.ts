import type { StreamEnd } from './exchange.ts'

type Listener = {
  /** Gets each chunk just before the reader does. */
  heard: (chunk: Uint8Array) => void
  /** Called once, when no more will come. */
  ended: (by: StreamEnd) => void
}

/**
 * The same body for its reader, listened to on the way: every chunk passes unchanged and as soon as it is asked for.
 *
 * Nothing is buffered here, as a tee would: a reader that is slow still slows the sender down. `signal` is the
 * request's, by which a cut line and a request let go are told apart.
 */
export function tapStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  listener: Listener,
  signal?: AbortSignal | null,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader()
  let open = true
  const end = (by: StreamEnd) => {
    if (open) listener.ended(by)
    open = false
  }
  // Not left to the next read: the reader that aborts may never read again.
  reader.closed.then(
    () => end('ended'),
    () => end(signal?.aborted ? 'let-go' : 'cut'),
  )
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        listener.heard(value)
        controller.enqueue(value)
      },
      cancel(reason) {
        end('let-go')
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
