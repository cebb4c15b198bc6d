import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { refuseOnSocket } from './raw-refusal.ts'

/** Refuses connections beyond `max` from one address with 429. A trusted proxy speaks for many, and has no cap. */
export function capConnections(server: Server, max: number, trustedProxies: readonly string[]): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    if (trustedProxies.includes(address)) return
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
    if (count > max) {
      socket.on('error', () => socket.destroy())
      refuseOnSocket(socket, 'too-many-connections', { detail: `An address has at most ${max} connections` })
    }
  })
}
