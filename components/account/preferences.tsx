'use client'

import { useRef, useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { kindWords } from '#components/notifications/kind-words.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { type NotificationKind, notificationKinds, type Preferences } from '#server/protocol/protocol.ts'

/** What the reader is told of by the bell, kind by kind. */
export function NotificationPreferences({ initial }: { initial: Preferences }) {
  const { wanted, choose } = usePreferences(initial)
  return (
    <section id="notifications" aria-label="Notifications" className="mb-7 scroll-mt-20">
      <SectionHead title="Notifications" note="saved as you switch" />
      {notificationKinds.map((kind) => (
        <Switch
          key={kind}
          label={kindWords[kind].name}
          hint={kindWords[kind].hint}
          checked={wanted[kind]}
          onChange={(want) => choose(kind, want)}
        />
      ))}
      <p className="mt-3 max-w-[560px] text-ui text-ink-3">
        A kind that is off rings nothing from now on, in no tab and on no device. What is there already stays.
      </p>
    </section>
  )
}

/** Which kinds the reader wants, saved with each change; one that is refused goes back to what the server has. */
function usePreferences(initial: Preferences) {
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
