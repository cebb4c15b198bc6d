import type { Server } from 'node:http'
import { BlockList, isIP, type Socket } from 'node:net'
import { networkOf } from './network.ts'

type Caps = { MAX_CONNECTIONS_PER_ADDRESS: number; TRUSTED_PROXIES: readonly string[] }

/**
 * Refuses connections beyond `MAX_CONNECTIONS_PER_ADDRESS`. Trusted proxies (an address, or a range such as 10.0.0.0/8)
 * connect for many clients and have no cap.
 *
 * Returns a function that says whether a socket was refused: what it sends is parsed all the same, and must not be
 * executed.
 */
export function capConnections(
  server: Server,
  { MAX_CONNECTIONS_PER_ADDRESS: max, TRUSTED_PROXIES }: Caps,
  refuse: (socket: Socket, detail: string) => void,
): (socket: Socket) => boolean {
  const open = new Map<string, number>()
  const refused = new WeakSet<Socket>()
  const isProxy = matcherOf(TRUSTED_PROXIES)
  // One function for all connections: a closure for each would use more memory than the count.
  function leave(this: Socket) {
    const address = networkOf(this.remoteAddress ?? '')
    const left = (open.get(address) ?? 1) - 1
    if (left === 0) open.delete(address)
    else open.set(address, left)
  }
  // Before the listeners that serve the connection.
  server.prependListener('connection', (socket: Socket) => {
    // Once read, the address is cached by the socket and still known after it has closed.
    const remote = socket.remoteAddress ?? ''
    if (isProxy(remote)) return
    const address = networkOf(remote)
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.on('close', leave)
    if (count > max) {
      refused.add(socket)
      socket.on('error', () => socket.destroy())
      refuse(socket, `An address can have at most ${max} connections`)
    }
  })
  return (socket) => refused.has(socket)
}

function matcherOf(ranges: readonly string[]): (address: string) => boolean {
  // Checking an empty list takes 3 µs per connection.
  if (ranges.length === 0) return () => false
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', prefix] = range.split('/')
    const family = isIP(net) === 6 ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(net, family)
    else list.addSubnet(net, Number(prefix), family)
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}
