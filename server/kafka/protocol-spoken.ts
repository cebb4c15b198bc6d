import { connect } from 'node:net'

const patienceMs = 1_000
const correlationId = 0x77697265

/**
 * The protocol of a server, by its response to a Kafka request without TLS; undefined when it is unreachable or silent,
 * as a frozen broker is too.
 */
export function protocolSpokenAt(broker: string): Promise<'kafka' | 'tls' | 'other' | undefined> {
  const { hostname, port } = new URL(`tcp://${broker}`)
  const { promise, resolve } = Promise.withResolvers<'kafka' | 'tls' | 'other' | undefined>()
  const socket = connect({ host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) })
  socket.setTimeout(patienceMs)
  socket.once('connect', () => socket.write(apiVersionsRequest()))
  socket.once('data', (bytes) => {
    if (bytes.length >= 8 && bytes.readInt32BE(4) === correlationId) resolve('kafka')
    else resolve(bytes[0] === 0x15 && bytes[1] === 0x03 ? 'tls' : 'other')
    socket.destroy()
  })
  socket.once('timeout', () => socket.destroy())
  socket.once('error', () => undefined)
  socket.once('close', () => resolve(undefined))
  return promise
}

/**
 * A request that brokers respond to before authentication. It contains a line break, because servers of line-based
 * protocols would wait for one.
 */
function apiVersionsRequest(): Buffer {
  const client = Buffer.from('wireside\r\n')
  const request = Buffer.alloc(14 + client.length)
  request.writeInt32BE(request.length - 4, 0)
  request.writeInt16BE(18, 4)
  request.writeInt16BE(0, 6)
  request.writeInt32BE(correlationId, 8)
  request.writeInt16BE(client.length, 12)
  client.copy(request, 14)
  return request
}
