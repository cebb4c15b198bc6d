'use client'
import { LaneFate } from '#components/lane/lane-fate.tsx'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { useNearEnd } from '#components/ui/use-near-end.ts'
import type { Problem } from '#server/protocol/protocol.ts'

type OlderPostsProps = {
  /** The feed is empty. */
  none: boolean
  more: boolean
  loading: boolean
  trouble: Problem | 'unanswered' | undefined
  onMore: () => void
}

/** The foot of the feed: more as one scrolls or asks, why there is none, or that this is all. */
export function OlderPosts({ none, more, loading, trouble, onMore }: OlderPostsProps) {
  const end = useNearEnd(onMore, more && !loading && !trouble)
  if (none && !more) return <NoPosts />
  return (
    <div ref={end} className="pt-5 md:pl-(--clock)">
      {trouble && <Trouble trouble={trouble} />}
      {more ? (
        <Button pending={loading} onClick={onMore}>
          {loading ? 'Reading older posts' : 'Show older posts'}
        </Button>
      ) : (
        <p className="text-ui text-ink-3">That is all there is.</p>
      )}
    </div>
  )
}

function Trouble({ trouble }: { trouble: Problem | 'unanswered' }) {
  return (
    <Notice danger className="mb-4">
      {trouble === 'unanswered' ? 'No answer came.' : `${trouble.detail ?? trouble.title}.`}
      {trouble !== 'unanswered' && trouble.requestId && (
        <span className="type-data block text-ink-2">request {trouble.requestId}</span>
      )}
    </Notice>
  )
}

function NoPosts() {
  return (
    <div className="pt-12 md:pl-(--clock)">
      <StateBlock drawing={<LaneFate kind="sse" fate="beating" />} title="Nothing yet, and listening">
        The wire is open and beating. The first post will appear here without a reload; it may be yours.
      </StateBlock>
    </div>
  )
}
