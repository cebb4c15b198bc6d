import { headers } from 'next/headers'
import { cache } from 'react'
import { viewerOf } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'

/** Who is signed in, asked once per request; `null` for a visitor. Throws while the database is away. */
export const viewer: () => Promise<Viewer | null> = cache(async () => viewerOf(await headers()))
