import { socketPath } from '#server/protocol/socket.ts'
import type { Routes } from './api.ts'
import { Refusal } from './problem.ts'

/** What is no upgrade at the path of the sockets: Socket.IO's own long polling is not offered, there is a better one. */
export const socketRoute: Routes = (api) => {
  api.route({
    method: ['GET', 'POST'],
    url: socketPath,
    schema: { hide: true },
    handler: () => {
      const headers = { upgrade: 'websocket', connection: 'Upgrade' }
      throw new Refusal('bad-request', 'WebSocket only: ask for an upgrade', { status: 426, headers })
    },
  })
}
