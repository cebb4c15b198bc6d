import { z } from 'zod'
import { postLimits } from './feed.ts'
import { text } from './text-schemas.ts'

export const postSchema = z.strictObject({ body: text(postLimits.maxBody) })

export const commentSchema = z.strictObject({ body: text(postLimits.maxComment) })
