/** What people write, as the schemas of the wire accept it: storable, visible, and in names also on one line. */

/** Postgres refuses NUL, and UTF-8 has no lone surrogate. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** A character that leaves a mark by itself: not a space, a control, a filler (U+3164), or an accent without a letter. */
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Whether a reader would see anything of it. */
export function isVisible(text: string): boolean {
  return visible.test(text)
}

const excerptCodePoints = 120

/** The beginning of a text, at most 120 characters, the ellipsis included. */
export function excerptOf(text: string): string {
  const characters = [...text]
  if (characters.length <= excerptCodePoints) return text
  const beginning = characters.slice(0, excerptCodePoints - 1).join('')
  return `${beginning.trimEnd()}…`
}

/** What a client calls a thing that it makes, so that making it twice makes it once. */
export const clientIdPattern = /^[A-Za-z0-9_-]{1,64}$/
