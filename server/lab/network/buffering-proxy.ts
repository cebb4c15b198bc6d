import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** What the proxy does with response bodies, like a well-meaning middlebox. */
export type Holding =
  /** Passes everything on as it arrives. */
  | { hold: 'nothing' }
  /** Passes a response on when it is complete, or when 64 KB of it have accumulated. */
  | { hold: 'until-end' }
  /** Passes the first bytes of a body, then holds as above. */
  | { hold: 'until-end'; afterBytes: number }
  /** Passes on what has arrived every `everyMs`. */
  | { hold: 'for'; everyMs: number }

/** A proxy that buffers, whatever the response says. Upgrades pass through, as in such middleboxes. */
type BufferingProxy = {
  port: number
  /** Applies to responses that start from now on. */
  hold(holding: Holding): void
  /** Responses currently in progress. */
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
    // A hang-up on one side hangs up the other.
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

/** An upgrade request as `http.Server` emits it: its socket, and the bytes after its head. */
type Upgrade = { url: string | undefined; headers: IncomingHttpHeaders; near: Socket; head: Buffer }

/** Passes an upgrade on to `port` unchanged, and then everything in both directions; returns the server's socket. */
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
