import { z } from 'zod'
import { type NotificationKind, notificationKinds } from './notifications.ts'
import { nameText, text } from './text-schemas.ts'

/** All up to `upTo`, or single notifications. */
export const readSchema = z.union([
  z.strictObject({ upTo: z.int().min(0) }),
  z.strictObject({ seqs: z.array(z.int().min(1)).min(1).max(300) }),
])

export type ReadOrder = z.infer<typeof readSchema>

export const preferencesSchema = z.strictObject({
  ...(Object.fromEntries(notificationKinds.map((kind) => [kind, z.boolean()])) as Record<
    NotificationKind,
    z.ZodBoolean
  >),
  invitation: z.boolean().default(true),
  order: z.boolean().default(true),
  application: z.boolean().default(true),
})

export const alertSchema = z.strictObject({ title: nameText(80), body: text(500) })
