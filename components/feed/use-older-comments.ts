'use client'
import { useState } from 'react'
import { ask } from '#components/live/ask.ts'
import { browserClock } from '#components/live/clock.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireComment, WireCommentList } from '#server/protocol/protocol.ts'

export type OlderComments = {
  /** Whether a first page was asked for already. */
  begun: boolean
  more: boolean
  fetching: boolean
  trouble?: string
  showMore: () => Promise<void>
}

/** The comments before those that are here, page by page, the newest page first. `onComments` gets each page. */
export function useOlderComments(
  postId: number,
  onComments: (comments: readonly WireComment[]) => void,
): OlderComments {
  const [next, setNext] = useState<string | null>()
  const [fetching, setFetching] = useState(false)
  const [trouble, setTrouble] = useState<string>()

  const showMore = async () => {
    if (fetching || next === null) return
    setFetching(true)
    const before = next === undefined ? '' : `?before=${encodeURIComponent(next)}`
    const place = { url: `/api/posts/${postId}/comments${before}` }
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    const answer = await ask<WireCommentList>(place, 0, wire, new AbortController().signal)
    setFetching(false)
    if (answer.type === 'news') {
      setTrouble(undefined)
      setNext(answer.value.nextBefore)
      onComments(answer.value.items)
    } else {
      const problem = 'problem' in answer ? answer.problem : undefined
      setTrouble(problem ? `${problem.detail ?? problem.title}.` : 'No answer came.')
    }
  }
  return { begun: next !== undefined, more: next !== null, fetching, trouble, showMore }
}
