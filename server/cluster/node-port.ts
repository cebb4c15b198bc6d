import { randomInt } from 'node:crypto'
import { isTaken } from '#server/database/ports.ts'

/**
 * A free port of loopback below those that systems give to outgoing connections (Linux from 32768, macOS from 49152):
 * a node that was killed finds it free when it comes back, whatever thousands of clients have connected meanwhile.
 */
export async function nodePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (given.has(port) || (await isTaken(port))) continue
    given.add(port)
    return port
  }
}

/** Not twice to the nodes of one cluster, which are not listening yet. */
const given = new Set<number>()
