import type { StreamEnd } from './exchange.ts'

type Listener = {
  /** Called with each chunk just before the reader gets it. */
  heard: (chunk: Uint8Array) => void
  /** Called once, when nothing more will come. */
  ended: (by: StreamEnd) => void
}

/**
 * The same body for its reader, observed on the way: every chunk passes unchanged, as soon as it is requested.
 * Unlike a tee, this buffers nothing: a slow reader still slows the sender down. `signal` is the request's; it tells a
 * cut connection from a request that the page aborted.
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
  // Watched here rather than on the next read, because a reader that aborts may never read again.
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
