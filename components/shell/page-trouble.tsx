'use client'

import { useEffect, useRef, useState } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { Button } from '#components/ui/button.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

const troubleTexts = {
  unknown: 'Checking whether the server can be reached.',
  ready: 'What you sent may have gone through. Reload to see the current state.',
  away: 'The database can’t be reached. It reloads by itself once it’s back.',
  unreachable: 'The server can’t be reached. It reloads by itself once it’s back.',
} as const satisfies Record<Readiness, string>

/** Shown when a page could not be rendered: reports the state of the server, and retries once it is ready. */
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
        drawing={<LaneDrawing kind="short" look="cut" />}
        title="Something went wrong on this page"
        facts={digest ? [{ name: 'digest', value: digest }] : undefined}
        // While the server is unreachable, a reload would leave for the browser's own error page.
        actions={
          <Button onClick={onRetry} disabled={readiness === 'unreachable'}>
            Reload
          </Button>
        }
      >
        {troubleTexts[readiness]}
      </StateBlock>
    </div>
  )
}

type Readiness = 'unknown' | 'ready' | 'away' | 'unreachable'

const everyMs = 3_000

/** Whether the server and its database are available, polled from `/readyz` every 3 s while the tab is visible. */
function useReadiness(): Readiness {
  const [readiness, setReadiness] = useState<Readiness>('unknown')
  useEffect(() => {
    const left = new AbortController()
    const look = async () => {
      if (document.hidden) return
      const found = await ask(left.signal)
      if (!left.signal.aborted) setReadiness(found)
    }
    void look()
    const timer = setInterval(look, everyMs)
    return () => {
      clearInterval(timer)
      left.abort()
    }
  }, [])
  return readiness
}

async function ask(signal: AbortSignal): Promise<Readiness> {
  try {
    const { ok } = await fetch('/readyz', { cache: 'no-store', signal })
    return ok ? 'ready' : 'away'
  } catch {
    // No response is a result too.
    return 'unreachable'
  }
}
