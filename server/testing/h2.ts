import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { eventually } from './eventually.ts'

type Response = { status: number; headers: IncomingHttpHeaders; stream: ClientHttp2Stream }

/** One HTTP/2 connection over TLS that carries everything, as in a browser. */
export type H2Connection = {
  /** Resolves with the response head; the body is unread. */
  request(headers: OutgoingHttpHeaders, body?: unknown): Promise<Response>
  text(
    headers: OutgoingHttpHeaders,
    body?: unknown,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>
  /** A Socket.IO connection, opened by an extended CONNECT (RFC 8441). */
  socket(
    headers: OutgoingHttpHeaders,
  ): Promise<{ send(packet: string): void; hear(fits: RegExp): Promise<string> }>
}

/** Connects to `origin`, trusting only this certificate. */
export async function h2Connection(
  t: Pick<TestContext, 'after'>,
  origin: string,
  certFile: string,
): Promise<H2Connection> {
  const session = connect(origin, { ca: await readFile(certFile) })
  session.on('error', () => undefined)
  t.after(() => session.destroy())

  async function request(headers: OutgoingHttpHeaders, body?: unknown): Promise<Response> {
    const sent = body === undefined ? '' : JSON.stringify(body)
    const opens = headers[':method'] === 'CONNECT'
    const stream = session.request(
      { ...headers, ...(sent && { ':method': 'POST', 'content-type': 'application/json' }) },
      { endStream: !opens && sent === '' },
    )
    const { promise, resolve, reject } = Promise.withResolvers<IncomingHttpHeaders & { ':status'?: number }>()
    stream.once('response', resolve).once('error', reject)
    if (sent) stream.end(sent)
    const response = await promise
    return { status: response[':status'] ?? 0, headers: response, stream }
  }

  return {
    request,
    async text(headers, body) {
      const { stream, ...head } = await request(headers, body)
      return { ...head, text: await text(stream) }
    },
    async socket(headers) {
      // The server's settings arrive in its first frame.
      await eventually(() => session.remoteSettings.enableConnectProtocol)
      const { status, stream } = await request({
        ...headers,
        ...{ ':method': 'CONNECT', ':protocol': 'websocket', 'sec-websocket-version': '13' },
        ':path': '/socket.io/?EIO=4&transport=websocket',
      })
      if (status !== 200) throw new Error(`The socket was refused with ${status}`)
      const texts: string[] = []
      readTexts(stream, texts)
      const socket = {
        send: (packet: string) => void stream.write(frameOf(packet)),
        hear: (fits: RegExp) => eventually(() => texts.find((each) => fits.test(each))),
      }
      await socket.hear(/^0\{/)
      socket.send('40')
      await socket.hear(/^40\{/)
      return socket
    },
  }
}

/** A masked text frame of fewer than 126 bytes (RFC 6455, section 5.2). */
function frameOf(packet: string): Buffer {
  const [mask, payload] = [randomBytes(4), Buffer.from(packet)]
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | payload.length]),
    mask,
    payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
  ])
}

/** Collects a server's text frames: whole messages, unmasked, shorter than 65,536 bytes. */
function readTexts(stream: ClientHttp2Stream, texts: string[]) {
  let rest = Buffer.alloc(0)
  stream.on('error', () => undefined)
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const short = (rest[1] ?? 0) & 0x7f
      const head = short === 126 ? 4 : 2
      if (rest.length < head) return
      const end = head + (short === 126 ? rest.readUInt16BE(2) : short)
      if (rest.length < end) return
      if (rest[0] === 0x81) texts.push(String(rest.subarray(head, end)))
      rest = rest.subarray(end)
    }
  })
}
