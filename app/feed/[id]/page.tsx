import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OnePostPage } from '#components/feed/one-post-page.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { postFor, postsFor } from '#server/pages.ts'
import { signedIn } from '../../loans/signed-in.ts'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Post ${(await params).id}` }
}

/** One post with its comments; `#comment-12` links to one. */
export default async function Post({ params }: Props) {
  const { id } = await params
  const viewer = await signedIn(`/feed/${id}`)
  // The cursor first: what happens between the two reads is then received again, which does no harm.
  const { cursor } = await postsFor(viewer)
  const post = await postFor(viewer, id)
  if (!post) notFound()
  return (
    <>
      <RenderedFor viewer={viewer} />
      <OnePostPage key={post.id} initial={post} cursor={cursor} viewer={viewer} />
    </>
  )
}
