'use client'
import { useState } from 'react'
import { newKey, sendJson } from '#components/live/send-json.ts'
import type { Unsent } from '#components/loans/send-trouble.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WirePost } from '#server/protocol/protocol.ts'

/** A post that was written here and is not known to be on the feed. Its `key` makes sending again safe. */
export type PendingPost = { key: string; body: string; atMs: number; trouble?: Unsent }

/** The reader's posts on their way, newest first. `onPosted` gets each one as the server has it. */
export function usePendingPosts(onPosted: (post: WirePost) => void) {
  const [pending, setPending] = useState<readonly PendingPost[]>([])
  const drop = (key: string) => setPending((all) => all.filter((one) => one.key !== key))
  const put = (key: string, trouble: Unsent | undefined) =>
    setPending((all) => all.map((one) => (one.key === key ? { ...one, trouble } : one)))

  const send = async ({ key, body }: PendingPost) => {
    const sent = await sendJson<WirePost>(pageRecorder.fetch, '/api/posts', { body }, key)
    if (sent.state !== 'done') return put(key, sent)
    onPosted(sent.value)
    drop(key)
  }

  return {
    posts: pending,
    post(text: string) {
      const fresh = { key: newKey(), body: text.trim(), atMs: Date.now() }
      setPending((all) => [fresh, ...all])
      void send(fresh)
    },
    sendAgain(post: PendingPost) {
      put(post.key, undefined)
      void send(post)
    },
    drop,
    /** The stream was first to tell of one: it is pending no more. False when it is none of these. */
    settle(post: Pick<WirePost, 'body'>): boolean {
      const found = pending.findLast(({ body }) => body === post.body)
      if (found) drop(found.key)
      return found !== undefined
    },
  }
}
