import type { Duplex } from 'node:stream'

const lingerMs = 1_000

/** Cuts a line that was given its last bytes and has not closed a second later: its client does not take them. */
export function destroySoon(line: Duplex): void {
  const cut = setTimeout(() => line.destroy(), lingerMs)
  line.once('close', () => clearTimeout(cut))
}
