import { io } from 'socket.io-client'
import type { WireEntry } from '#server/protocol/protocol.ts'
import type { OpenClient } from '../../clients/client.ts'

type Follow = { ok: boolean }

/** Socket.IO as its first page shows it: the library comes back by itself, and the page asks for what is new by then. */
export const openNaiveSocket: OpenClient = ({ port, host = '127.0.0.1', cookie, stream, letIn }, hear) => {
  const socket = io(`http://${host}:${port}`, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  })
  let isOpen = false
  let connections = 0
  let requests = 0
  const count = () => {
    requests += 1
  }
  socket.io.on('reconnect_attempt', count)
  count()
  socket.on('connect', () => {
    connections += 1
    const place = connections === 1 ? {} : { after: 'now' }
    socket.emit('follow', { stream, ...place }, ({ ok }: Follow) => {
      isOpen = ok
      if (ok) letIn?.()
    })
  })
  socket.on('disconnect', () => {
    isOpen = false
  })
  socket.on('entries', ({ entries }: { entries: WireEntry[] }) => {
    for (const entry of entries) hear({ type: 'entry', entry, cursor: '' })
  })
  return {
    isOpen: () => isOpen,
    close: () => void socket.disconnect(),
    counts: () => ({
      ...{ requests, empty: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
      reconnects: Math.max(0, connections - 1),
    }),
  }
}
