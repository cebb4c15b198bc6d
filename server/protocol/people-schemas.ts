import { z } from 'zod'
import { isStorable } from './text.ts'
import { nameText } from './text-schemas.ts'

const newPassword = z.string().min(8, 'At least 8 characters').max(128, 'At most 128 characters')

export const nameSchema = z.object({ name: nameText(80) })

export const passwordChangeSchema = z.object({ currentPassword: z.string().max(128), newPassword })

export const signUpSchema = z.looseObject({
  name: nameText(80),
  email: z.email('Not an e-mail address').max(254),
  password: newPassword,
})

export const signInSchema = z.looseObject({ email: z.string().max(254), password: z.string().max(128) })

/** An object whose top-level strings Postgres can store. */
export const storableSchema = z.record(
  z.string(),
  z
    .unknown()
    .refine((v) => typeof v !== 'string' || isStorable(v), 'Contains a character that cannot be stored'),
)
