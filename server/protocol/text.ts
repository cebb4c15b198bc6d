/** User-written text, as the wire schemas accept it: storable, visible, and in names also on one line. */

/** Postgres refuses NUL, and UTF-8 has no lone surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** A character that is visible by itself: not a space, a control, a filler (U+3164), or an accent without a letter. */
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Whether a reader would see anything. */
export function isVisible(text: string): boolean {
  return visible.test(text)
}

const excerptCodePoints = 120

/** The beginning of a text, at most 120 characters including the ellipsis. */
export function excerptOf(text: string): string {
  const characters = [...text]
  if (characters.length <= excerptCodePoints) return text
  const beginning = characters.slice(0, excerptCodePoints - 1).join('')
  return `${beginning.trimEnd()}…`
}

/** The id that a client gives to what it creates, so that a retry creates it only once. */
export const clientIdPattern = /^[A-Za-z0-9_-]{1,64}$/
