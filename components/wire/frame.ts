import type { WireEntry } from '#server/protocol/streams.ts'

/** What a frame of an event stream is for; `other` is a comment, or an event that this page does not know. */
export type FrameKind = 'entry' | 'ready' | 'beat' | 'reset' | 'bye' | 'other'

/** The lines of a stream up to and with the blank one that ends them, as they came. */
type RawFrame = { lines: readonly string[]; bytes: number }

/** One frame of a stream on this page. */
export type Frame = RawFrame & {
  /** Counts up within the page. */
  n: number
  /** The exchange whose answer it is part of. */
  exchangeId: number
  /** Epoch ms. */
  atMs: number
  kind: FrameKind
}

const named: readonly string[] = ['ready', 'beat', 'reset', 'bye'] satisfies FrameKind[]

/** Tells what `lines` are for. One without a name carries an entry, one without data carries nothing. */
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

/** What the data of an entry begins with; undefined where it begins otherwise. */
export function entryHeadOf(lines: readonly string[]): Pick<WireEntry, 'seq' | 'type' | 'at'> | undefined {
  const head = /^\{"seq":(\d+),"type":"([^"]+)","at":"([^"]*)"/.exec(fieldOf(lines, 'data') ?? '')
  if (!head) return undefined
  const [, seq, type = '', at = ''] = head
  return { seq: Number(seq), type, at }
}

/** What the frame is called in a list: an entry by its type, anything else by its event. */
export function nameOfFrame({ kind, lines }: Pick<Frame, 'kind' | 'lines'>): string {
  if (kind !== 'entry') return fieldOf(lines, 'event') ?? 'comment'
  return entryHeadOf(lines)?.type ?? 'message'
}

const [lf, cr] = [0x0a, 0x0d]
/** What a frame is shown with; its bytes are counted in full. */
const kept = { lines: 40, characters: 4_000 }

/**
 * Cuts the bytes of an event stream into frames (WHATWG HTML, 9.2.6): each call takes the next chunk, wherever it was
 * split, and gives the frames that it completed. Lines end in LF, CR LF or CR.
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
