import { hostname } from 'node:os'
import { Connections } from '#server/connections/connections.ts'
import { EventStreams } from '#server/connections/event-streams.ts'
import { createExchanges } from '#server/connections/exchanges.ts'
import type { HeldRequest } from '#server/connections/held-request.ts'
import { createPresence } from '#server/connections/presence.ts'
import type { SocketSession } from '#server/connections/socket-session.ts'
import { createUserEvents } from '#server/connections/user-events.ts'
import { createWireNodes } from '#server/connections/wire-nodes.ts'
import { createPriceSubscriptions } from '#server/deliver/price-frames.ts'
import { createPulse } from '#server/domain/pulse/pulse.ts'
import type { PriceBoard } from '#server/domain/trading/price-board.ts'
import type { Env } from '#server/env.ts'
import type { Core } from './core.ts'

export type Live = ReturnType<typeof openLive>

/** What this process holds open for its clients, and what only they need. Caps on open connections are per process. */
export function openLive(env: Env, { sessions, backplane, clock }: Core, prices: PriceBoard) {
  const exchanges = createExchanges()
  const heldRequests = new Connections<HeldRequest>(
    { sessions, exchanges },
    { name: 'requests held open', maxPerHolder: env.MAX_LONG_POLLS_PER_USER },
  )
  const eventStreams = new EventStreams(
    { sessions, exchanges },
    {
      heartbeatMs: env.HEARTBEAT_MS,
      maxBufferBytes: env.MAX_BUFFER_BYTES,
      maxPerUser: env.MAX_SSE_PER_USER,
    },
  )
  const sockets = new Connections<SocketSession>(
    { sessions, exchanges },
    { name: 'sockets open', maxPerHolder: env.MAX_SOCKETS_PER_USER },
  )
  const presence = createPresence(backplane)
  const userEvents = createUserEvents(sockets, backplane)
  const priceSubscriptions = createPriceSubscriptions(prices, clock.nowMs)
  const pulse = createPulse()
  const wireNodes = createWireNodes(backplane, {
    servesClients: env.ROLES.some((role) => role === 'web' || role === 'gateway'),
    name: `${hostname()}:${env.PORT}`,
    exchangesOf: (id) => [...sockets.exchangesOf(id), ...eventStreams.exchangesOf(id), ...exchanges.of(id)],
  })

  return {
    ...{
      exchanges,
      heldRequests,
      eventStreams,
      sockets,
      presence,
      userEvents,
      priceSubscriptions,
      pulse,
      wireNodes,
    },
    /** Responds to held requests, and sends `bye` on open connections. */
    drain() {
      for (const connections of [heldRequests, eventStreams, sockets]) connections.drain()
    },
    close() {
      eventStreams.stop()
      presence.close()
      userEvents.close()
      priceSubscriptions.close()
      pulse.close()
      wireNodes.close()
    },
  }
}
