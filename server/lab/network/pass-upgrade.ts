import type { IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'

/** A request for an upgrade as `http.Server` gives it: its socket, and what came after its head. */
export type Upgrade = { url: string | undefined; headers: IncomingHttpHeaders; near: Socket; head: Buffer }

/** Passes an upgrade on to `port` as it is, and then everything in both directions; gives the server's socket. */
export function passUpgrade(port: number, { url, headers, near, head }: Upgrade): Socket {
  const far = connect({ port, host: '127.0.0.1', noDelay: true })
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  far.write(`GET ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  far.write(head)
  near.pipe(far).pipe(near)
  near.on('error', () => near.destroy())
  far.on('error', () => near.destroy())
  near.once('close', () => far.destroy())
  return far
}
