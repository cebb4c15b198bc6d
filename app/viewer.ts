import { headers } from 'next/headers'
import { cache } from 'react'
import { viewerOf } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'

/** Who is signed in, looked up once per request; `null` for a visitor. Throws while the database is unavailable. */
export const viewer: () => Promise<Viewer | null> = cache(async () => viewerOf(await headers()))
