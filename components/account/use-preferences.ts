'use client'
import { useRef, useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { showToast } from '#components/ui/toast-store.ts'
import type { NotificationKind, Preferences } from '#server/protocol/protocol.ts'

/** Which kinds the reader wants, saved with each change; one that is refused goes back to what the server has. */
export function usePreferences(initial: Preferences) {
  const [wanted, setWanted] = useState(initial)
  const latest = useRef(initial)
  const told = useRef(initial)
  const sending = useRef(false)

  const put = (next: Preferences) => {
    latest.current = next
    setWanted(next)
  }
  /** One request at a time, so that an early answer cannot overtake a late wish. */
  const save = async () => {
    if (sending.current) return
    sending.current = true
    while (latest.current !== told.current) {
      const asked = latest.current
      const url = '/api/notifications/preferences'
      const sent = await sendJson<Preferences>(pageFetch, url, asked, undefined, 'PUT')
      if (sent.state === 'done') {
        told.current = asked
        continue
      }
      showToast(
        sent.state === 'refused'
          ? { title: 'Not saved.', text: `${sent.problem.detail ?? sent.problem.title}.`, danger: true }
          : {
              title: 'Not confirmed.',
              text: `${unansweredWords(sent)} Your choice may have been saved: reload to see it, or choose again.`,
              danger: true,
            },
      )
      put(told.current)
    }
    sending.current = false
  }
  return {
    wanted,
    choose(kind: NotificationKind, want: boolean) {
      put({ ...latest.current, [kind]: want })
      void save()
    },
  }
}
