import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { eventually } from './eventually.ts'

/** An event stream on a bare socket: head and frames received so far. */
export type RawStream = {
  socket: Socket
  status(): number
  head(): string
  frames: EventSourceMessage[]
  /** Waits until `count` frames have arrived, and returns them. */
  reach(count: number): Promise<EventSourceMessage[]>
  /** Waits until the server has closed it. */
  ended(): Promise<void>
}

/** Whether the stream is the first request of its connection, or a later one on a kept connection. */
export type Opening = 'fresh' | 'kept'

/** Requests `path` as an event stream, with these additional header lines. */
export async function rawStream(
  port: number,
  path: string,
  lines: readonly string[] = [],
  {
    opening = 'fresh',
    pieces = 1,
    host = 'localhost',
  }: { opening?: Opening; pieces?: number; host?: string } = {},
): Promise<RawStream> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay(true)
  await once(socket, 'connect')
  if (opening === 'kept') {
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
  }
  const frames: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (frame) => void frames.push(frame) })
  const decoder = new TextDecoder()
  let head = ''
  let isOver = false
  socket.on('end', () => {
    isOver = true
  })
  socket.on('close', () => {
    isOver = true
  })
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    let text = decoder.decode(chunk, { stream: true })
    if (!head.includes('\r\n\r\n')) {
      const all = head + text
      const end = all.indexOf('\r\n\r\n')
      head = end < 0 ? all : all.slice(0, end + 4)
      text = end < 0 ? '' : all.slice(end + 4)
    }
    parser.feed(text)
  })
  const request = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: text/event-stream',
    ...lines,
    '',
    '',
  ].join('\r\n')
  const size = Math.ceil(request.length / pieces)
  for (let at = 0; at < request.length; at += size) {
    socket.write(request.slice(at, at + size))
    if (pieces > 1) await new Promise((resolve) => setImmediate(resolve))
  }
  await eventually(() => head.includes('\r\n\r\n') || isOver)
  return {
    socket,
    frames,
    head: () => head,
    status: () => Number(head.split(' ')[1]),
    async reach(count) {
      await eventually(() => frames.length >= count)
      return frames
    },
    async ended() {
      await eventually(() => isOver)
    },
  }
}
