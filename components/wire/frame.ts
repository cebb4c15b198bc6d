import type { WireEntry } from '#server/protocol/protocol.ts'

/** What a frame of an event stream is for; `other` is a comment, or an event that this page does not know. */
export type FrameKind = 'entry' | 'ready' | 'beat' | 'reset' | 'bye' | 'other'

/** The lines of a stream up to and with the blank one that ends them, as they came. */
export type RawFrame = { lines: readonly string[]; bytes: number }

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
