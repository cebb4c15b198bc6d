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
 * A request listener that processes only a few requests of a connection at a time: the next ones start when responses
 * have been sent, and meanwhile nothing is read. Without it a client could send requests forever and read no response,
 * because the parser slows down for responses waiting to be sent, but not for those still being made. A request starts
 * while fewer than `mostAtOnce(request)` are in progress on its connection.
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

  // One function for all: a closure per request would use more memory than the count.
  function answered(this: ServerResponse) {
    const { socket } = this.req
    const pipeline = pipelines.get(socket)
    if (!pipeline) return
    pipeline.open -= 1
    if (pipeline.waiting.length > 0) takeNext(pipeline, socket)
    if (pipeline.open === 0) pipelines.delete(socket)
    if (pipeline.onAnswered && isAnswered(pipeline)) pipeline.onAnswered()
  }

  // The HTTP server resumes reading after each response.
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
 * Calls `act` once earlier requests on the connection have their responses, usually at once. Anything written to the
 * bare socket sooner would be taken for the response to a request that may well have been executed.
 */
export function afterResponses(socket: Duplex, act: () => void): void {
  const pipeline = pipelines.get(socket)
  if (!pipeline || isAnswered(pipeline)) act()
  else pipeline.onAnswered = act
}

/** A request that has not arrived completely does not count: its end may never come. */
function isAnswered({ open, last, waiting }: Pipeline): boolean {
  return open + waiting.length <= (last.complete ? 0 : 1)
}
