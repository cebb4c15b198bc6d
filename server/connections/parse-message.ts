import type { z } from 'zod'

/** A backplane message, as JSON of that shape; undefined for anything that no node of ours sends. */
export function parseMessage<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
