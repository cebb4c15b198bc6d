'use client'
import { LaneFate } from '#components/lane/lane-fate.tsx'
import { Button } from '#components/ui/button.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Mode } from '../live/poll.ts'
import { useNow } from '../live/use-now.ts'
import type { Poll } from '../live/use-poll.ts'

type TroubleProps = {
  poll: Poll<unknown>
  mode: Mode
  /** What could not be read: `The loan`. */
  what: string
}

/** A refusal in full: what happened, what it means, and the request that a reader may quote. */
export function PollTrouble({ poll, mode, what }: TroubleProps) {
  const { lastError, nextAskAtMs, askNow, state } = poll
  const nowMs = useNow(500, nextAskAtMs !== undefined)
  if (!lastError) return null
  const next =
    nextAskAtMs === undefined || nowMs === undefined
      ? 'trying …'
      : `in ${formatCountdown(nextAskAtMs - nowMs)}`
  return (
    <div role="alert" className="border-b border-line-strong py-5">
      <StateBlock
        drawing={<LaneFate kind={mode} fate="cut" />}
        title={`${what} could not be read`}
        facts={[
          { name: String(lastError.status), value: lastError.title },
          ...(state === 'backing-off' ? [{ name: 'next try', value: next }] : []),
          ...(lastError.requestId ? [{ name: 'request', value: lastError.requestId }] : []),
        ]}
        actions={<Button onClick={askNow}>Try now</Button>}
      >
        {lastError.detail}{' '}
        {state === 'backing-off' &&
          'What you see is the last that came; nothing is lost, and the page tries again by itself.'}
      </StateBlock>
    </div>
  )
}

/** The session is over: what was read under it is no longer shown, and signing in leads back here. */
export function SessionEnded({ mode, back }: { mode: Mode; back: string }) {
  const nowMs = useNow(1_000, false)
  return (
    <div role="alert" className="page-x pt-12">
      <StateBlock
        level={1}
        drawing={<LaneFate kind={mode} fate="ended" />}
        title="This session was ended"
        actions={
          <ButtonLink look="primary" href={`/sign-in?next=${encodeURIComponent(back)}`}>
            Sign in again
          </ButtonLink>
        }
      >
        The server answered 401
        {nowMs !== undefined && (
          <>
            {' '}
            at <Time at={nowMs} />
          </>
        )}
        : signed out elsewhere, or expired. This page no longer asks.
      </StateBlock>
    </div>
  )
}
