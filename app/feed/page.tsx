import type { Metadata } from 'next'
import { Suspense } from 'react'
import { FeedPage, FeedSkeleton } from '#components/feed/feed-page.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { postsFor } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Feed' }

/** The feed, live from when it was read. */
export default async function Feed() {
  const viewer = await signedIn('/feed')
  return (
    <Suspense fallback={<FeedSkeleton />}>
      <NewestPosts viewer={viewer} />
    </Suspense>
  )
}

async function NewestPosts({ viewer }: { viewer: Viewer }) {
  return (
    <>
      <RenderedFor viewer={viewer} />
      <FeedPage initial={await postsFor(viewer)} viewer={viewer} />
    </>
  )
}
