/** How far back a rate looks, in ms; a flow that is younger, or has stopped for as long, has none. */
const overMs = 2_000

/** Frames and bytes a second of a flow, over its latest two seconds; undefined while it does not flow. */
export function ratesOf(
  frames: readonly { atMs: number; bytes: number }[],
  nowMs: number | undefined,
): { framesPerSecond: number; bytesPerSecond: number } | undefined {
  const last = frames.at(-1)
  const first = frames.find(({ atMs }) => last && atMs >= last.atMs - overMs)
  if (!last || !first || nowMs === undefined || nowMs - last.atMs > overMs || last.atMs - first.atMs < 500) {
    return undefined
  }
  const seconds = (last.atMs - first.atMs) / 1_000
  const flown = frames.slice(frames.indexOf(first) + 1)
  return {
    framesPerSecond: Math.round(flown.length / seconds),
    bytesPerSecond: Math.round(flown.reduce((sum, { bytes }) => sum + bytes, 0) / seconds),
  }
}
