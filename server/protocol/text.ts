/** What people write, as the schemas of the wire accept it: storable, visible, and in names also on one line. */
import { z } from 'zod'

/** Postgres refuses NUL, and UTF-8 has no lone surrogate. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** A character that leaves a mark by itself: not a space, a control, a filler (U+3164), or an accent without a letter. */
const visible = /[^\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Controls, line breaks, and what turns the text around it (UAX #9): in a name they would change its neighbours. */
const unsafeInNames = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** Whether a reader would see anything of it. */
export function isVisible(text: string): boolean {
  return visible.test(text)
}

/** Text of 1 to `maxCodePoints` characters, trimmed, that Postgres can store and a reader can see. */
export function text(maxCodePoints: number) {
  return z
    .string()
    .refine(isStorable, 'Contains a character that cannot be stored')
    .trim()
    .min(1, 'Must not be empty')
    .refine(
      (s) => s.length <= maxCodePoints || [...s].length <= maxCodePoints,
      `At most ${maxCodePoints} characters`,
    )
    .refine((s) => s === '' || isVisible(s), 'Must contain at least one visible character')
}

/** The same on one line, for what is shown beside other text: no controls, line breaks or direction marks. */
export function nameText(maxCodePoints: number) {
  return text(maxCodePoints).refine(
    (s) => !unsafeInNames.test(s),
    'Must not contain line breaks, control characters or direction marks',
  )
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
