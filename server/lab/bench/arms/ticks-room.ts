/** The naive arm of prices: Socket.IO as its first page shows it, every tick emitted to a room. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { openMarket } from './market.ts'

const http = createServer((_request, response) => response.end('ok'))
const io = new Server(http, { transports: ['websocket'], serveClient: false })
io.on('connection', (socket) => void socket.join('prices'))
openMarket(Number(process.env.TICKS_PER_SECOND), (tick) => {
  io.to('prices').emit('ticks', { at: new Date().toISOString(), ticks: [tick] })
})
http.listen(Number(process.env.PORT), '127.0.0.1')
