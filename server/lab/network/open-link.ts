import type { Incident } from '#server/protocol/lab-report.ts'
import type { Network } from '#server/protocol/lab-schemas.ts'
import { bufferingProxy } from './buffering-proxy.ts'
import type { LinkOptions } from './join-sockets.ts'
import { type Link, tcpProxy } from './tcp-proxy.ts'

/** A TCP proxy that behaves as `network` says. A buffering one has a second proxy behind it, which understands HTTP. */
export const openLink: OpenLine = async (targetPort, network, onIncident = () => undefined) => {
  const box = network.kind === 'buffering' ? await bufferingProxy(targetPort) : undefined
  const line = await tcpProxy({ port: box?.port ?? targetPort }, linkOptions(network))
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

/** What it does to each connection, at any time. */
function linkOptions(network: Network): LinkOptions {
  if (network.kind === 'slow') {
    const { delayMs, jitterMs } = network
    return { delayMs: () => Math.max(0, delayMs + (2 * Math.random() - 1) * jitterMs) }
  }
  return network.kind === 'idle-timeout' ? { idleMs: network.seconds * 1_000 } : {}
}

/** Does to a link what `network` schedules, counted from `begin`, and reports it. */
function byTheClock(
  network: Network,
  line: Pick<Link, 'cut' | 'refuse' | 'accept' | 'freeze' | 'thaw'>,
  tell: NonNullable<Parameters<OpenLine>[2]>,
): { begin(): void; heal(): void } {
  let timer: NodeJS.Timeout | undefined
  const after = (ms: number, act: () => void) => {
    timer = setTimeout(act, ms)
  }

  /** From cut to cut; a link that is down for longer than that stays up for as long between two cuts. */
  function cutEvery(everyMs: number, forMs: number, restMs = everyMs) {
    after(restMs, () => {
      line.cut()
      line.refuse()
      tell({ what: 'The network was cut', lastsMs: forMs })
      after(forMs, () => {
        line.accept()
        cutEvery(everyMs, forMs, forMs < everyMs ? everyMs - forMs : everyMs)
      })
    })
  }

  function freezeOnce(atMs: number, forMs: number) {
    after(atMs, () => {
      line.freeze()
      tell({ what: 'The network froze', lastsMs: forMs })
      after(forMs, line.thaw)
    })
  }

  return {
    begin() {
      if (network.kind === 'cut') cutEvery(network.everySeconds * 1_000, network.forMs)
      if (network.kind === 'freeze') freezeOnce(network.atSeconds * 1_000, network.forSeconds * 1_000)
    },
    heal() {
      clearTimeout(timer)
      line.accept()
      line.thaw()
    },
  }
}

/** Opens a link that behaves as `network` says; scheduled faults start at `begin` and end at `heal`. */
type OpenLine = (
  targetPort: number,
  network: Network,
  onIncident?: (incident: Omit<Incident, 'atMs'> & { lastsMs?: number }) => void,
) => Promise<Link & { begin(): void; heal(): void }>
