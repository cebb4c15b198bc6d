import { z } from 'zod'
import { isStorable, isVisible } from './text.ts'

/** Controls, line breaks, and direction marks (UAX #9), which in a name would affect the text around it. */
const unsafeInNames = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

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

/** The same on one line, for names shown beside other text: no controls, line breaks or direction marks. */
export function nameText(maxCodePoints: number) {
  return text(maxCodePoints).refine(
    (s) => !unsafeInNames.test(s),
    'Must not contain line breaks, control characters or direction marks',
  )
}
