import { subscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually } from './eventually.ts'

/** Both ends of a connection to a server in this process. The client does not read unless resumed. */
export type Ends = { client: Socket; server: Socket }

const serverEnds = new Map<number, Socket>()
subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket }
  serverEnds.set(socket.remotePort ?? 0, socket)
})

/** Connects, and finds the connection's server end in this process. */
export async function bothEnds(port: number): Promise<Ends> {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => undefined)
  await once(client, 'connect')
  client.setNoDelay(true)
  const server = await eventually(() => serverEnds.get(client.localPort ?? 0))
  return { client, server }
}

/** A Socket.IO connection opened by hand and then left unread. */
export async function floodingSocket(port: number, { cookie }: { cookie?: string } = {}): Promise<Ends> {
  const ends = await bothEnds(port)
  const { client } = ends
  let text = ''
  const note = (chunk: Buffer) => {
    text += chunk.toString('latin1')
  }
  client.on('data', note)
  client.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${cookie ? `Cookie: ${cookie}\r\n` : ''}\r\n`,
  )
  await eventually(() => text.includes('0{"sid"'))
  client.write(frame('text', '40'))
  await eventually(() => text.includes('40{"sid"'))
  client.pause()
  client.off('data', note)
  return ends
}

const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 }

/** A client's frame (RFC 6455, section 5.2), masked with zeros. `fin`: the last of its message. */
export function frame(kind: keyof typeof opcodes, payload: string | Buffer = '', fin = true): Buffer {
  const bytes = Buffer.from(payload)
  const length =
    bytes.length < 126 ? [bytes.length | 0x80] : [126 | 0x80, bytes.length >> 8, bytes.length & 255]
  const first = opcodes[kind] | (fin ? 0x80 : 0)
  return Buffer.concat([Buffer.from([first, ...length, 0, 0, 0, 0]), bytes])
}

/** Sends `bytes` repeatedly, at least `about` bytes in all, and returns the exact count. */
export function flood({ client }: Ends, bytes: Buffer, about: number): number {
  const block = Buffer.concat(Array(Math.ceil(65_536 / bytes.length)).fill(bytes))
  let sent = 0
  for (; sent < about; sent += block.length) client.write(block)
  return sent
}
