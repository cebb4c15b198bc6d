import type { Server } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'
import { refuseOnSocket } from '#server/http/front/raw-refusal.ts'
import { networkOf } from './network.ts'

/**
 * Refuses connections beyond `max` from one address with 429. A trusted proxy (an address, or a range such as
 * 10.0.0.0/8) speaks for many, and has no cap.
 *
 * Returns whether a socket was refused: what was sent on it is parsed all the same, and must not be done.
 */
export function capConnections(
  server: Server,
  max: number,
  trustedProxies: readonly string[],
): (socket: Socket) => boolean {
  const open = new Map<string, number>()
  const refused = new WeakSet<Socket>()
  const isProxy = matcherOf(trustedProxies)
  // One function for all connections: a closure each would weigh more than the count.
  function leave(this: Socket) {
    const address = networkOf(this.remoteAddress ?? '')
    const left = (open.get(address) ?? 1) - 1
    if (left === 0) open.delete(address)
    else open.set(address, left)
  }
  // Before whoever serves the connection.
  server.prependListener('connection', (socket: Socket) => {
    // Read here, it is remembered by the socket, and still known when it closes.
    const remote = socket.remoteAddress ?? ''
    if (isProxy(remote)) return
    const address = networkOf(remote)
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.on('close', leave)
    if (count > max) {
      refused.add(socket)
      socket.on('error', () => socket.destroy())
      refuseOnSocket(socket, 'too-many-connections', { detail: `An address has at most ${max} connections` })
    }
  })
  return (socket) => refused.has(socket)
}

function matcherOf(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', prefix] = range.split('/')
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(net, family)
    else list.addSubnet(net, Number(prefix), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
