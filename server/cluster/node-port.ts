import { randomInt } from 'node:crypto'
import { isTaken } from '#server/database/ports.ts'

/**
 * A free loopback port below the ephemeral range (Linux from 32768, macOS from 49152), so that a restarted node finds
 * its port free, however many clients have connected meanwhile.
 */
export async function nodePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    if (given.has(port) || (await isTaken(port))) continue
    given.add(port)
    return port
  }
}

/** Ports already handed out to nodes that may not be listening yet. */
const given = new Set<number>()
