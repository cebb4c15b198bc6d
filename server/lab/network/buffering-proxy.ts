import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** What the proxy does with the bodies of answers: like a network box that means well. */
export type Holding =
  /** Passes everything on as it comes. */
  | { hold: 'nothing' }
  /** Gives an answer when it is complete, or when it has gathered 64 KB of it. */
  | { hold: 'until-end' }
  /** Lets the first bytes of a body through, then holds as above. */
  | { hold: 'until-end'; afterBytes: number }
  /** Gives what has come every `everyMs`. */
  | { hold: 'for'; everyMs: number }

/** A proxy that buffers, however much the answer asks it not to. Upgrades it passes on, as such boxes do. */
type BufferingProxy = {
  port: number
  /** For the answers that begin from now on. */
  hold(holding: Holding): void
  /** Answers that are held, or passed on, at this moment. */
  open(): number
  close(): Promise<void>
}

const bufferBytes = 65_536

/** Listens on a free loopback port and forwards each request to `port`. */
export async function bufferingProxy(
  port: number,
  holding: Holding = { hold: 'until-end' },
): Promise<BufferingProxy> {
  let current = holding
  const open = new Set<ServerResponse>()
  const server = createServer((near, response) => {
    const { method, url: path, headers } = near
    const far = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      open.add(response)
      response.once('close', () => open.delete(response))
      passOn(answer, response, current)
    })
    // Whoever hangs up at one end hangs up at the other.
    response.once('close', () => far.destroy())
    far.once('error', () => response.destroy())
    near.pipe(far)
  })
  const upgraded = new Set<Socket>()
  server.on('upgrade', ({ url, headers }, near: Socket, head) => {
    upgraded.add(near)
    near.once('close', () => upgraded.delete(near))
    passUpgrade(port, { url, headers, near, head })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    hold(holding) {
      current = holding
    },
    open: () => open.size,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      for (const near of upgraded) near.destroy()
      await closed
    },
  }
}

function passOn(answer: IncomingMessage, response: ServerResponse, holding: Holding): void {
  const { statusCode = 502, rawHeaders } = answer
  const held: Buffer[] = []
  let free = 'afterBytes' in holding ? holding.afterBytes : 0
  let heldBytes = 0

  function give() {
    heldBytes = 0
    if (!response.headersSent) response.writeHead(statusCode, rawHeaders)
    if (held.length > 0) response.write(Buffer.concat(held.splice(0)))
  }
  const timer = holding.hold === 'for' ? setInterval(give, holding.everyMs) : undefined

  answer.on('data', (chunk: Buffer) => {
    held.push(chunk)
    heldBytes += chunk.length
    if (holding.hold === 'nothing' || free > 0 || heldBytes >= bufferBytes) give()
    free -= chunk.length
  })
  answer.once('end', () => {
    give()
    response.end()
  })
  answer.once('error', () => response.destroy())
  response.once('close', () => clearInterval(timer))
}

/** A request for an upgrade as `http.Server` gives it: its socket, and what came after its head. */
type Upgrade = { url: string | undefined; headers: IncomingHttpHeaders; near: Socket; head: Buffer }

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
