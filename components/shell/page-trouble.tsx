'use client'
import { useEffect, useRef } from 'react'
import { LaneFate } from '#components/lane/lane-fate.tsx'
import { Button } from '#components/ui/button.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { type Readiness, useReadiness } from './use-readiness.ts'

const said = {
  unknown: 'Looking whether the database is there.',
  ready: 'The server and its database are there, so this is a fault of ours. Nothing was changed.',
  away: 'The database is away. Nothing is lost; the page tries again by itself.',
  unreachable: 'The server does not answer. Nothing is lost; the page tries again by itself.',
} as const satisfies Record<Readiness, string>

/** A page that could not be made: says which of the two it is, and comes back by itself once the server is ready. */
export function PageTrouble({ digest, onRetry }: { digest?: string; onRetry: () => void }) {
  const readiness = useReadiness()
  const wasAway = useRef(false)
  useEffect(() => {
    if (readiness === 'away' || readiness === 'unreachable') wasAway.current = true
    if (readiness !== 'ready' || !wasAway.current) return
    wasAway.current = false
    onRetry()
  }, [readiness, onRetry])
  return (
    <div role="alert" className="page-x pt-12 pb-16">
      <StateBlock
        level={1}
        drawing={<LaneFate kind="short" fate="cut" />}
        title="The page could not be made"
        facts={digest ? [{ name: 'digest', value: digest }] : undefined}
        actions={<Button onClick={onRetry}>Try now</Button>}
      >
        {said[readiness]}
      </StateBlock>
    </div>
  )
}
