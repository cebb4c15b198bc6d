'use client'
import { LaneFate } from '#components/lane/lane-fate.tsx'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import type { Mode } from '#components/live/clients/client.ts'
import { useNow } from '#components/live/use-now.ts'
import type { Poll } from '#components/live/use-poll.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Facts, StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'

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
      ? 'retrying …'
      : `in ${formatCountdown(nextAskAtMs - nowMs)}`
  const facts = [
    { name: String(lastError.status), value: lastError.title },
    ...(state === 'backing-off' ? [{ name: 'next retry', value: next }] : []),
    ...(lastError.requestId ? [{ name: 'request', value: lastError.requestId }] : []),
  ]
  return (
    <section
      aria-label={`${what} couldn’t be loaded`}
      className="grid gap-x-10 gap-y-4 border-b border-line-strong py-5 @2xl:grid-cols-2"
    >
      <div role="alert">
        <LaneFate kind={mode} fate="cut" />
        <h2 className="type-state mt-3">{what} couldn’t be loaded</h2>
        <p className="mt-2 text-ui text-ink-2">{lastError.detail}.</p>
        {state === 'backing-off' && (
          <p className="text-ui text-ink-2">
            You’re seeing the last version that loaded. The page retries automatically.
          </p>
        )}
      </div>
      <div>
        <Facts facts={facts} />
        <Button className="mt-3" onClick={askNow}>
          Retry now
        </Button>
      </div>
    </section>
  )
}

/** The session is over: what was read under it is no longer shown, and signing in leads back here. */
export function SessionEnded({ mode, back }: { mode: LaneKind; back: string }) {
  const nowMs = useNow(1_000, false)
  return (
    <div role="alert" className="page-x pt-12">
      <StateBlock
        level={1}
        drawing={<LaneFate kind={mode} fate="ended" />}
        title="Your session has ended"
        actions={
          <ButtonLink look="primary" href={`/sign-in?next=${encodeURIComponent(back)}`}>
            Sign in again
          </ButtonLink>
        }
      >
        The server responded with 401
        {nowMs !== undefined && (
          <>
            {' '}
            at <Time at={nowMs} />
          </>
        )}
        : you signed out elsewhere, or the session expired. This page has stopped updating.
      </StateBlock>
    </div>
  )
}
