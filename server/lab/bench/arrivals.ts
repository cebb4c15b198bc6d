import type { WireTick, WireTicks } from '#server/protocol/trading.ts'
import { epochMs } from './arms/market.ts'

/** A frame of ticks as it went to one client or to many. */
type TickFrame = { ticks: WireTick[]; bytes: number }

/** Which frame came to which client, and when: three columns, for there are some hundred thousand rows. */
export type Arrivals = {
  frames: TickFrame[]
  frame: number[]
  client: number[]
  atMs: number[]
  take(client: number, bytes: Buffer): void
}

const remembered = 8
const prefix = '42["ticks",'

/** A frame that equals one of the latest, at whichever client, is not read again: the client must not be what is measured. */
export function createArrivals(): Arrivals {
  const frames: TickFrame[] = []
  const frame: number[] = []
  const client: number[] = []
  const atMs: number[] = []
  const recent: { bytes: Buffer; index: number }[] = []

  function indexOf(bytes: Buffer): number {
    const known = recent.find((each) => each.bytes.equals(bytes))
    if (known) return known.index
    const text = bytes.toString('latin1')
    if (!text.startsWith(prefix)) throw new Error(`Not ticks: ${text.slice(0, 80)}`)
    const { ticks } = JSON.parse(text.slice(prefix.length, -1)) as WireTicks
    const index = frames.push({ ticks, bytes: bytes.length }) - 1
    recent.unshift({ bytes: Buffer.from(bytes), index })
    recent.length = Math.min(recent.length, remembered)
    return index
  }

  return {
    frames,
    frame,
    client,
    atMs,
    take(nth, bytes) {
      const index = indexOf(bytes)
      frame.push(index)
      client.push(nth)
      atMs.push(epochMs())
    },
  }
}
