import type { WireEntry } from '#server/protocol/streams.ts'

/** The purpose of an event stream's frame; `other` is a comment, or an event unknown to this page. */
export type FrameKind = 'entry' | 'ready' | 'beat' | 'reset' | 'bye' | 'other'

/** A stream's lines up to and including the blank line that ends the frame, verbatim. */
type RawFrame = { lines: readonly string[]; bytes: number }

/** One frame of a stream on this page. */
export type Frame = RawFrame & {
  /** Counts up within the page. */
  n: number
  /** The exchange whose response it belongs to. */
  exchangeId: number
  /** Epoch ms. */
  atMs: number
  kind: FrameKind
}

const named: readonly string[] = ['ready', 'beat', 'reset', 'bye'] satisfies FrameKind[]

/** The kind of a frame by its lines. One without an event name carries an entry; one without data carries nothing. */
export function frameKindOf(lines: readonly string[]): FrameKind {
  const event = fieldOf(lines, 'event')
  if (event !== undefined) return named.includes(event) ? (event as FrameKind) : 'other'
  return fieldOf(lines, 'data') === undefined ? 'other' : 'entry'
}

/** The last value of a field (`id`, `event`, `data`, `retry`), without the one space that may follow the colon. */
export function fieldOf(lines: readonly string[], name: string): string | undefined {
  const line = lines.findLast((own) => own === name || own.startsWith(`${name}:`))
  return line?.slice(name.length + 1).replace(/^ /, '')
}

/** The beginning of an entry's data; undefined if the data begins differently. */
export function entryHeadOf(lines: readonly string[]): Pick<WireEntry, 'seq' | 'type' | 'at'> | undefined {
  const head = /^\{"seq":(\d+),"type":"([^"]+)","at":"([^"]*)"/.exec(fieldOf(lines, 'data') ?? '')
  if (!head) return undefined
  const [, seq, type = '', at = ''] = head
  return { seq: Number(seq), type, at }
}

/** The frame's name in a list: an entry's type, or else the event. */
export function nameOfFrame({ kind, lines }: Pick<Frame, 'kind' | 'lines'>): string {
  if (kind !== 'entry') return fieldOf(lines, 'event') ?? 'comment'
  return entryHeadOf(lines)?.type ?? 'message'
}

const [lf, cr] = [0x0a, 0x0d]
/** How much of a frame is kept for display; its bytes are counted in full. */
const kept = { lines: 40, characters: 4_000 }

/**
 * Splits an event stream's bytes into frames (WHATWG HTML, 9.2.6): each call takes the next chunk, wherever it was cut,
 * and returns the frames that it completes. Lines end in LF, CR LF or CR.
 */
export function splitFrames(): (chunk: Uint8Array) => RawFrame[] {
  const decoder = new TextDecoder()
  let line = ''
  let lines: string[] = []
  let bytes = 0
  let afterCr = false

  const grow = (piece: Uint8Array, ends: boolean) => {
    const text = decoder.decode(piece, { stream: !ends })
    if (line.length < kept.characters) line = (line + text).slice(0, kept.characters)
  }

  return (chunk) => {
    const complete: RawFrame[] = []
    let from = 0
    for (const [at, byte] of chunk.entries()) {
      bytes += 1
      const endsCr = byte === lf && afterCr
      afterCr = byte === cr
      if (byte !== lf && byte !== cr) continue
      if (!endsCr) {
        grow(chunk.subarray(from, at), true)
        if (line !== '') {
          if (lines.length < kept.lines) lines.push(line)
        } else if (lines.length > 0) {
          complete.push({ lines, bytes })
          lines = []
          bytes = 0
        }
        line = ''
      }
      from = at + 1
    }
    grow(chunk.subarray(from), false)
    return complete
  }
}

/** The window of a rate, in ms; a flow younger than this, or stopped for as long, has no rate. */
const overMs = 2_000

/** Frames and bytes per second of a flow over its last two seconds; undefined while it does not flow. */
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
