import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import next from 'next'

export type Web = {
  /** Answers a request for a page, an asset or anything else that is Next's; also its 404. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Takes the WebSocket of the hot reload, the only one Next has. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Cuts those WebSockets: a server that closes would wait for them for ever. */
  hangUp(): void
  close(): Promise<void>
}

/**
 * Prepares Next for a server of ours, from the folder `dir`: compiling as it goes when `dev`, else from the last build.
 *
 * Next adds its own `upgrade` listener to the server it is given, at the first page, and would answer every WebSocket.
 * So it is given one that never listens, and `upgrade` passes on what is meant for it.
 */
export async function openNext({ dev, dir }: { dev: boolean; dir: string }): Promise<Web> {
  const standIn = createServer()
  const sockets = new Set<Duplex>()
  const app = next({ dev, dir, httpServer: standIn })
  await app.prepare()
  return {
    handle: app.getRequestHandler(),
    upgrade(request, socket, head) {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      if (!standIn.emit('upgrade', request, socket, head)) socket.destroy()
    },
    hangUp() {
      for (const socket of sockets) socket.destroy()
    },
    close: () => app.close(),
  }
}
