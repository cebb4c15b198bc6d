import { once } from 'node:events'
import { connect } from 'node:net'

/**
 * Sends raw bytes, and returns what arrives until the server closes: for requests that no client would send. The bytes
 * must ask for that (`Connection: close`).
 */
export async function rawExchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(bytes)
  await once(socket, 'end')
  socket.destroy()
  return parse(Buffer.concat(chunks))
}

export type RawAnswer = { status: number; headers: Headers; body: string; bytes: number }

function parse(bytes: Buffer): RawAnswer {
  const text = bytes.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const headers = new Headers(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trim()]
    }),
  )
  const body = bytes.subarray(Buffer.byteLength(text.slice(0, end + 4), 'latin1')).toString()
  return { status: Number(first.split(' ')[1]), headers, body, bytes: bytes.length }
}
