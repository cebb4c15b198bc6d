'use client'
import { useCallback, useEffect, useState } from 'react'
import { notDone } from '#components/live/send-json.ts'
import { useBellNews } from '#components/live/use-bell-news.ts'
import { showToast } from '#components/ui/toast-store.ts'
import {
  loadSessions,
  revokeOtherSessions,
  revokeSession,
  type SessionRow,
  SessionsUnavailable,
} from './session-list.ts'

export type SessionsView =
  | { state: 'loading' }
  | { state: 'here'; sessions: SessionRow[] }
  | { state: 'unavailable'; reason: SessionsUnavailable }

/** The list of sessions, read anew whenever the tab shows again, and the ways to end some. */
export function useSessions() {
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
    /** The id of the session that is being ended, or `others`. */
    ending,
    load,
    endOne: (session: SessionRow) => end(session.id, () => revokeSession(session)),
    endOthers: () => end('others', revokeOtherSessions),
  }
}
