import type { Network } from '#server/protocol/lab.ts'
import { bufferingProxy } from './buffering-proxy.ts'
import { byTheClock } from './by-the-clock.ts'
import type { Manner } from './join-sockets.ts'
import type { OpenLine } from './line.ts'
import { tcpProxy } from './tcp-proxy.ts'

/** A TCP proxy that does what `network` says. One that buffers has a second proxy behind it, which knows HTTP. */
export const openLine: OpenLine = async (targetPort, network, onIncident = () => undefined) => {
  const box = network.kind === 'buffering' ? await bufferingProxy(targetPort) : undefined
  const line = await tcpProxy({ port: box?.port ?? targetPort }, mannerOf(network))
  const clock = byTheClock(network, line, onIncident)
  return {
    ...line,
    begin: clock.begin,
    heal: clock.heal,
    async close() {
      clock.heal()
      await line.close()
      await box?.close()
    },
  }
}

/** What it does to each connection, whatever the clock says. */
function mannerOf(network: Network): Manner {
  if (network.kind === 'slow') {
    const { delayMs, jitterMs } = network
    return { delayMs: () => Math.max(0, delayMs + (2 * Math.random() - 1) * jitterMs) }
  }
  return network.kind === 'idle-timeout' ? { idleMs: network.seconds * 1_000 } : {}
}
