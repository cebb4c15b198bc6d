import { channel } from 'node:diagnostics_channel'

/** What an entry passes on its way from its commit to a client, in whichever process. */
export type Hop = 'committed' | 'woken' | 'produced' | 'fetched' | 'read' | 'framed'

/** `stream` is not known where entries become frames; `type` only there. */
export type PassedHop = { hop: Hop; seq: number; stream?: string; type?: string }

/** Who traces subscribes to `wireside:hop`; otherwise it costs a look whether anybody has. */
const hops = channel('wireside:hop')

/** An entry has come so far, in this process. */
export function passHop(passed: PassedHop): void {
  if (hops.hasSubscribers) hops.publish(passed)
}
