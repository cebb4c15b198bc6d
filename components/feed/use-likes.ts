'use client'
import { useRef, useState } from 'react'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WirePost } from '#server/protocol/feed.ts'

export type Liked = Pick<WirePost, 'likes' | 'likedByMe'>

/** Likes as the reader wants them, before the server confirms. `onTold` receives each response. */
export function useLikes(onTold: (postId: number, liked: Liked) => void) {
  const [wanted, setWanted] = useState<ReadonlyMap<number, boolean>>(new Map())
  const latest = useRef(wanted)
  const sending = useRef(new Set<number>())

  const want = (postId: number, liked: boolean | undefined) => {
    const next = new Map(latest.current)
    if (liked === undefined) next.delete(postId)
    else next.set(postId, liked)
    latest.current = next
    setWanted(next)
  }

  /** Sends until the server's state is what the reader wants, however often that changed meanwhile. */
  const settle = async (post: WirePost) => {
    let told = post.likedByMe
    for (let next = latest.current.get(post.id); next !== undefined && next !== told; ) {
      const url = `/api/posts/${post.id}/like`
      const sent = await sendJson<Liked>(
        pageRecorder.fetch,
        url,
        undefined,
        undefined,
        next ? 'PUT' : 'DELETE',
      )
      if (sent.state !== 'done') {
        if (sent.state === 'refused') {
          const text = `${sent.problem.detail ?? sent.problem.title}.`
          showToast({ title: next ? 'Not liked.' : 'Still liked.', text, danger: true })
        } else {
          const text = `${unansweredWords(sent)} Your like may have changed: reload to see it, or try again.`
          showToast({ title: 'Not confirmed.', text, danger: true })
        }
        return
      }
      told = sent.value.likedByMe
      onTold(post.id, sent.value)
      next = latest.current.get(post.id)
    }
  }

  return {
    /** The post as the reader wants it. */
    asWanted(post: WirePost): WirePost {
      const liked = wanted.get(post.id) ?? post.likedByMe
      if (liked === post.likedByMe) return post
      return { ...post, likedByMe: liked, likes: Math.max(0, post.likes + (liked ? 1 : -1)) }
    },
    async toggle(post: WirePost) {
      want(post.id, !(latest.current.get(post.id) ?? post.likedByMe))
      if (sending.current.has(post.id)) return
      sending.current.add(post.id)
      await settle(post)
      sending.current.delete(post.id)
      want(post.id, undefined)
    },
  }
}
