import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

type Pipeline = {
  open: number
  last: IncomingMessage
  waiting: [IncomingMessage, ServerResponse][]
  onAnswered?: () => void
}

const pipelines = new WeakMap<Duplex, Pipeline>()

/**
 * A listener for requests that takes only a few of a connection at a time: the next begin when answers have left, and
 * meanwhile nothing is read. Without that a client may send requests for as long as it likes and take no answer; the
 * parser slows down for answers that wait, not for those that are still being made. `mostAtOnce` says beside how many
 * others, itself included, a request may be worked on.
 */
export function pacePipelines(
  serve: RequestListener,
  mostAtOnce: (request: IncomingMessage) => number,
): RequestListener {
  function take(pipeline: Pipeline, request: IncomingMessage, response: ServerResponse) {
    pipeline.open += 1
    response.once('close', answered)
    serve(request, response)
  }

  function takeNext(pipeline: Pipeline, socket: Socket) {
    const { waiting } = pipeline
    for (let [next] = waiting; next && pipeline.open < mostAtOnce(next[0]); [next] = waiting) {
      waiting.shift()
      take(pipeline, ...next)
    }
    if (waiting.length === 0) socket.off('resume', stayPaused).resume()
  }

  // One function for all: a closure a request would weigh more than the count.
  function answered(this: ServerResponse) {
    const { socket } = this.req
    const pipeline = pipelines.get(socket)
    if (!pipeline) return
    pipeline.open -= 1
    if (pipeline.waiting.length > 0) takeNext(pipeline, socket)
    if (pipeline.open === 0) pipelines.delete(socket)
    if (pipeline.onAnswered && isAnswered(pipeline)) pipeline.onAnswered()
  }

  // The HTTP server reads on after each answer.
  function stayPaused(this: Socket) {
    this.pause()
  }

  return (request, response) => {
    const { socket } = request
    const pipeline = pipelines.get(socket) ?? { open: 0, last: request, waiting: [] }
    pipelines.set(socket, pipeline)
    pipeline.last = request
    const isNext = pipeline.waiting.length === 0
    if (isNext && pipeline.open < mostAtOnce(request)) return take(pipeline, request, response)
    if (isNext) socket.on('resume', stayPaused).pause()
    pipeline.waiting.push([request, response])
  }
}

/**
 * Calls `act` when what came before on a connection is answered, most often at once. What is written to the bare socket
 * sooner would be read as the answer to a request that may well have been done.
 */
export function afterResponses(socket: Duplex, act: () => void): void {
  const pipeline = pipelines.get(socket)
  if (!pipeline || isAnswered(pipeline)) act()
  else pipeline.onAnswered = act
}

/** The answer to a request that has not come whole does not count: it may be what never comes. */
function isAnswered({ open, last, waiting }: Pipeline): boolean {
  return open + waiting.length <= (last.complete ? 0 : 1)
}
