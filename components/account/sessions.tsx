'use client'

import { useCallback, useEffect, useState } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { notDone } from '#components/live/send-json.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { Button } from '#components/ui/button.tsx'
import { formatTime } from '#components/ui/format-time.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { useMounted } from '#components/ui/use-mounted.ts'
import { browserName } from '#server/protocol/browser-name.ts'
import {
  loadSessions,
  revokeOtherSessions,
  revokeSession,
  type SessionRow,
  SessionsUnavailable,
} from './session-list.ts'

/** Where this account is signed in, with buttons to sign out there. */
export function Sessions() {
  const { view, ending, load, endOne, endOthers } = useSessions()
  const others = view.state === 'here' && view.sessions.some(({ current }) => !current)
  return (
    <section aria-label="Sessions">
      <SectionHead title="Sessions">
        {others && (
          <Button small pending={ending === 'others'} onClick={endOthers}>
            End all other sessions
          </Button>
        )}
      </SectionHead>
      {view.state === 'loading' && <SkeletonRows rows={2} label="Loading sessions" />}
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
        Ending a session closes its streams, sockets and open requests within 2 s, on every server process.
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
  const mounted = useMounted()
  const since = mounted ? `, signed in ${formatTime(new Date(session.createdAt), 'full')}` : ''
  return (
    <li className="grid grid-cols-[1fr_auto] items-center gap-x-4 border-b border-line py-2.5 last:border-0">
      <div className="min-w-0">
        <p className="type-section truncate">{name}</p>
        <p className="text-ui text-ink-2">
          Signed in <Time at={session.createdAt} style="full" />
          {session.ipAddress && (
            <>
              {' '}
              from <span className="type-data wrap-anywhere">{session.ipAddress}</span>
            </>
          )}
          , ends <Time at={session.expiresAt} style="date" />
        </p>
      </div>
      {session.current ? (
        <span className="text-ui font-semibold">This browser</span>
      ) : (
        <Button small pending={ending} onClick={onEnd} aria-label={`End the session of ${name}${since}`}>
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
        drawing={<LaneDrawing kind="short" look="cut" />}
        title="Your sessions couldn’t be loaded"
        facts={
          problem && [
            { name: String(problem.status), value: problem.title },
            { name: 'request', value: problem.requestId ?? '—' },
          ]
        }
        actions={<Button onClick={onTry}>Retry now</Button>}
      >
        {problem ? 'The server couldn’t list your sessions.' : 'The server didn’t respond.'}
      </StateBlock>
    </div>
  )
}

type SessionsView =
  | { state: 'loading' }
  | { state: 'here'; sessions: SessionRow[] }
  | { state: 'unavailable'; reason: SessionsUnavailable }

/** The list of sessions, reloaded whenever the tab becomes visible, and the actions that end them. */
function useSessions() {
  const [view, setView] = useState<SessionsView>({ state: 'loading' })
  const [ending, setEnding] = useState<string>()

  const load = useCallback(async () => {
    try {
      setView({ state: 'here', sessions: await loadSessions() })
    } catch (reason) {
      if (!(reason instanceof SessionsUnavailable)) throw reason
      if (reason.problem?.status === 401) window.location.assign('/sign-in?ended&next=/account')
      else setView({ state: 'unavailable', reason })
    }
  }, [])

  useEffect(() => {
    void load()
    const look = () => void (document.hidden || load())
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [load])

  useBellNews('sessions', () => void load())

  async function end(which: string, revoke: () => Promise<void>) {
    setEnding(which)
    try {
      await revoke()
      await load()
    } catch (reason) {
      if (!(reason instanceof SessionsUnavailable)) throw reason
      const refused = reason.problem && notDone(reason.problem).state === 'refused'
      showToast({
        title: refused ? 'Not ended.' : 'Not confirmed.',
        text: `${reason.message}.`,
        danger: true,
      })
      if (!refused) void load()
    } finally {
      setEnding(undefined)
    }
  }
  return {
    view,
    /** The id of the session being ended, or `others`. */
    ending,
    load,
    endOne: (session: SessionRow) => end(session.id, () => revokeSession(session)),
    endOthers: () => end('others', revokeOtherSessions),
  }
}
