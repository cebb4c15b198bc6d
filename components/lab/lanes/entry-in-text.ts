/** How an entry begins. This cannot occur within an entry's text, where quotes are escaped. */
const entryStart = '{"seq":'

/** The first and last entry in a text from the wire; undefined if it contains none. */
export function seqsInText(text: string): readonly [number, number] | undefined {
  const [first, last] = [text.indexOf(entryStart), text.lastIndexOf(entryStart)]
  return first < 0 ? undefined : [seqAt(text, first), seqAt(text, last)]
}

function seqAt(text: string, at: number): number {
  const from = at + entryStart.length
  return Number(text.slice(from, text.indexOf(',', from)))
}

/** The range of an entry's JSON in a text from the wire; undefined if it is not in there. */
export function entryInText(text: string, seq: number): readonly [from: number, to: number] | undefined {
  const from = text.indexOf(`${entryStart}${seq},`)
  if (from < 0) return undefined
  let depth = 0
  let isQuoted = false
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]
    if (isQuoted) {
      if (character === '\\') at += 1
      else if (character === '"') isQuoted = false
    } else if (character === '"') isQuoted = true
    else if (character === '{') depth += 1
    else if (character === '}') {
      depth -= 1
      if (depth === 0) return [from, at + 1]
    }
  }
  return undefined
}

export type Excerpt = { before: string; entry: string; after: string; cutBefore: number; cutAfter: number }

/**
 * As much of a text around an entry as is readable; without an entry, its beginning. Omitted characters are counted.
 */
export function excerptOf(text: string, seq: number | undefined, room = 600): Excerpt {
  const [from, to] = (seq === undefined ? undefined : entryInText(text, seq)) ?? [0, 0]
  const begin = Math.max(0, from - Math.floor(room / 3))
  const end = Math.min(text.length, Math.max(to, begin + room))
  return {
    ...{ before: text.slice(begin, from), entry: text.slice(from, to), after: text.slice(to, end) },
    ...{ cutBefore: begin, cutAfter: text.length - end },
  }
}
