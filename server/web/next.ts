import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import next from 'next'

export type Web = {
  /** Serves pages, assets and everything else of Next's, its 404 included. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Accepts the WebSocket of hot reload, the only one Next has. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Destroys those WebSockets: otherwise a closing server would wait for them forever. */
  hangUp(): void
  close(): Promise<void>
}

/**
 * Prepares Next from the folder `dir` for a server of ours: compiling on demand when `dev`, otherwise from the last
 * build.
 *
 * With the first page, Next adds its own `upgrade` listener to the server it is given, and would handle every
 * WebSocket. So it is given a stand-in that never listens, and `upgrade` passes on what is meant for it.
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
