'use client'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import type { Live, Mode } from '#components/live/use-live.ts'
import { useNow } from '#components/live/use-now.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { formatCountdown } from '#components/ui/format.ts'
import { Facts, StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'

type TroubleProps = {
  poll: Live<unknown>
  mode: Mode
  /** What could not be loaded: `The loan`. */
  what: string
}

/** A refusal in full: what happened, what it means, and the request id that a reader may quote. */
export function PollTrouble({ poll, mode, what }: TroubleProps) {
  const { lastError, nextTryAtMs, tryNow, state } = poll
  const nowMs = useNow(500, nextTryAtMs !== undefined)
  if (!lastError) return null
  const next =
    nextTryAtMs === undefined || nowMs === undefined
      ? 'retrying …'
      : `in ${formatCountdown(nextTryAtMs - nowMs)}`
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
        <LaneDrawing kind={mode} look="cut" />
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
        <Button className="mt-3" onClick={tryNow}>
          Retry now
        </Button>
      </div>
    </section>
  )
}

/** The session is over: what was loaded under it is hidden, and signing in leads back here. */
export function SessionEnded({ mode, back }: { mode: LaneKind; back: string }) {
  const nowMs = useNow(1_000, false)
  return (
    <div role="alert" className="page-x pt-12">
      <StateBlock
        level={1}
        drawing={<LaneDrawing kind={mode} look="ended" />}
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
