/** A Socket.IO server with connection state recovery, in its own process so that it can be killed. */
import { createServer } from 'node:http'
import { Server } from 'socket.io'

const sessions = new Set(['ada'])
let checks = 0

const http = createServer()
const server = new Server(http, { connectionStateRecovery: {} })
server.use((socket, next) => {
  checks += 1
  next(sessions.has(socket.handshake.auth.session) ? undefined : new Error('No session'))
})
server.on('connection', (socket) => {
  socket.join('news')
  socket.emit('hello', { recovered: socket.recovered, checks })
})

process.on('message', (order: { say: string } | { end: string }) => {
  if ('say' in order) server.to('news').emit('news', order.say)
  else sessions.delete(order.end)
  process.send?.('done')
})
process.on('disconnect', () => process.exit())
const [port, firstWord] = process.argv.slice(2)
http.listen(Number(port), '127.0.0.1', () => {
  // Sent before anybody can have reconnected.
  server.to('news').emit('news', firstWord)
  console.log('recovering server listens')
})
