'use client'
import { LaneFate } from '#components/lane/lane-fate.tsx'
import { Button } from '#components/ui/button.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import { browserName } from '#server/protocol/browser-name.ts'
import type { SessionRow, SessionsUnavailable } from './session-list.ts'
import { useSessions } from './use-sessions.ts'

/** Where this account is signed in, and the way to end it there. */
export function Sessions() {
  const { view, ending, load, endOne, endOthers } = useSessions()
  const others = view.state === 'here' && view.sessions.some(({ current }) => !current)
  return (
    <section aria-label="Sessions">
      <SectionHead title="Sessions">
        {others && (
          <Button small pending={ending === 'others'} onClick={endOthers}>
            End all others
          </Button>
        )}
      </SectionHead>
      {view.state === 'loading' && <SkeletonRows rows={2} label="Reading the sessions" />}
      {view.state === 'unavailable' && <Unavailable reason={view.reason} onTry={load} />}
      {view.state === 'here' && (
        <ul>
          {view.sessions.map((session) => (
            <SessionLine
              key={session.id}
              session={session}
              ending={ending === session.id}
              onEnd={() => endOne(session)}
            />
          ))}
        </ul>
      )}
      <p className="mt-3 max-w-[560px] text-ui text-ink-3">
        Ending a session closes what it has open, streams and held requests too, within 2 s, on every process.
      </p>
    </section>
  )
}

function SessionLine({
  session,
  ending,
  onEnd,
}: {
  session: SessionRow
  ending: boolean
  onEnd: () => void
}) {
  const name = browserName(session.userAgent)
  return (
    <li className="grid grid-cols-[112px_1fr_auto] items-center gap-x-4 border-b border-line py-2.5 last:border-0 max-md:grid-cols-[1fr_auto]">
      <Time at={session.createdAt} style="full" className="text-ink-2 max-md:col-span-2" />
      <div className="min-w-0">
        <p className="type-section truncate">{name}</p>
        <p className="text-ui text-ink-2">
          {session.ipAddress && <span className="type-data">{session.ipAddress}</span>} until{' '}
          <Time at={session.expiresAt} style="date" />
        </p>
      </div>
      {session.current ? (
        <span className="text-ui font-semibold">this browser</span>
      ) : (
        <Button small pending={ending} onClick={onEnd} aria-label={`End the session of ${name}`}>
          End
        </Button>
      )}
    </li>
  )
}

function Unavailable({ reason, onTry }: { reason: SessionsUnavailable; onTry: () => void }) {
  const { problem } = reason
  return (
    <div className="py-8" role="alert">
      <StateBlock
        drawing={<LaneFate kind="short" fate="cut" />}
        title="Your sessions couldn’t be loaded"
        facts={
          problem && [
            { name: String(problem.status), value: problem.title },
            { name: 'request', value: problem.requestId ?? '—' },
          ]
        }
        actions={<Button onClick={onTry}>Try now</Button>}
      >
        {problem ? 'The server couldn’t say where you are signed in.' : 'The server didn’t respond.'}
      </StateBlock>
    </div>
  )
}
