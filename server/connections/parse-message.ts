import type { z } from 'zod'

/** A message of the backplane, as JSON of that shape; undefined for what no node of ours says. */
export function parseMessage<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
