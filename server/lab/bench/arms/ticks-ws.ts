/** The floor of prices: bare `ws`, the latest of what changed every 50 ms, one frame made once for all sockets. */
import { createServer } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { WireTick } from '#server/protocol/trading.ts'
import { openMarket } from './market.ts'

const everyMs = 50
const textFrame = 0x81
const http = createServer((_request, response) => response.end('ok'))
const server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
const sockets = new Set<Duplex>()
const latest = new Map<string, WireTick>()

http.on('upgrade', (request, socket, head) => {
  server.handleUpgrade(request, socket, head, (client) => {
    sockets.add(socket)
    client.once('close', () => sockets.delete(socket))
  })
})
openMarket(Number(process.env.TICKS_PER_SECOND), (tick) => void latest.set(tick[0], tick))
setInterval(() => {
  if (latest.size === 0) return
  const ticks = { at: new Date().toISOString(), ticks: [...latest.values()] }
  latest.clear()
  const frame = frameOf(Buffer.from(`42${JSON.stringify(['ticks', ticks])}`))
  for (const socket of sockets) socket.write(frame)
}, everyMs)
http.listen(Number(process.env.PORT), '127.0.0.1')

/** A text frame of 126 to 65,535 bytes, or less (RFC 6455, section 5.2). */
function frameOf(payload: Buffer): Buffer {
  const { length } = payload
  const head = length < 126 ? [textFrame, length] : [textFrame, 126, Math.floor(length / 256), length % 256]
  return Buffer.concat([Buffer.from(head), payload])
}
