import type { Network } from '#server/protocol/lab.ts'
import type { Line, OpenLine } from './line.ts'

/** Does to a line what `network` plans for a time, counted from `begin`, and tells of it. */
export function byTheClock(
  network: Network,
  line: Pick<Line, 'cut' | 'refuse' | 'accept' | 'freeze' | 'thaw'>,
  tell: NonNullable<Parameters<OpenLine>[2]>,
): { begin(): void; heal(): void } {
  let timer: NodeJS.Timeout | undefined
  const after = (ms: number, act: () => void) => {
    timer = setTimeout(act, ms)
  }

  /** From cut to cut; a line that is down for longer than that is up for as long between two cuts. */
  function cutEvery(everyMs: number, forMs: number, restMs = everyMs) {
    after(restMs, () => {
      line.cut()
      line.refuse()
      tell({ what: 'The line was cut', lastsMs: forMs })
      after(forMs, () => {
        line.accept()
        cutEvery(everyMs, forMs, forMs < everyMs ? everyMs - forMs : everyMs)
      })
    })
  }

  function freezeOnce(atMs: number, forMs: number) {
    after(atMs, () => {
      line.freeze()
      tell({ what: 'The line froze', lastsMs: forMs })
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
