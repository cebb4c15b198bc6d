import type { Duplex } from 'node:stream'

const lingerMs = 1_000

/** Destroys a connection that has not closed a second after its last bytes were written: its client is not reading. */
export function destroySoon(line: Duplex): void {
  const cut = setTimeout(() => line.destroy(), lingerMs)
  line.once('close', () => clearTimeout(cut))
}
