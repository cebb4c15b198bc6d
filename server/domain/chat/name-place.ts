import { z } from 'zod'

const encoded = /^[A-Za-z0-9_-]{1,1000}$/

/** A place in a list that is ordered by name, as `before` and `nextBefore` carry it: JSON, so that any name fits. */
export function formatPlace(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Parses what `formatPlace` gave by its schema; undefined for anything else. */
export function parsePlaceOf<Place>(schema: z.ZodType<Place>): (text: string) => Place | undefined {
  return (text) => {
    if (!encoded.test(text)) return undefined
    try {
      return schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
    } catch {
      // Not JSON, hence not ours.
      return undefined
    }
  }
}

/** A name as Postgres can compare it. */
export const placeName = z
  .string()
  .max(300)
  .refine((name) => name.isWellFormed() && !name.includes('\0'))
