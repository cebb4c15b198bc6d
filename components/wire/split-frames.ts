import type { RawFrame } from './frame.ts'

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
