'use client'

import { useId, useRef, useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { kindWords } from '#components/notifications/notification-words.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { type NotificationKind, notificationKinds, type Preferences } from '#server/protocol/notifications.ts'
import type { Role } from '#server/protocol/people.ts'

/** Which kinds of notifications the reader wants. */
export function NotificationPreferences({ initial, role }: { initial: Preferences; role: Role }) {
  const kinds = notificationKinds.filter((kind) => kind !== 'application' || role === 'officer')
  const { wanted, choose } = usePreferences(initial)
  return (
    <section id="notifications" aria-label="Notifications" className="mb-7 scroll-mt-20">
      <SectionHead title="Notifications" note="saved automatically" />
      {kinds.map((kind) => (
        <Switch
          key={kind}
          label={kindWords[kind].name}
          hint={kindWords[kind].hint}
          checked={wanted[kind]}
          onChange={(want) => choose(kind, want)}
        />
      ))}
      <p className="mt-3 max-w-[560px] text-ui text-ink-3">
        Turning one off stops new notifications of that kind in every tab and on every device. Those you
        already have stay.
      </p>
    </section>
  )
}

/** The reader's choices, saved with each change; a refused one reverts to what the server has. */
function usePreferences(initial: Preferences) {
  const [wanted, setWanted] = useState(initial)
  const latest = useRef(initial)
  const told = useRef(initial)
  const sending = useRef(false)

  const put = (next: Preferences) => {
    latest.current = next
    setWanted(next)
  }
  /** One request at a time, so that an early response cannot overtake a later change. */
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

/** A switch that takes effect at once, with its name and description on the left. */
function Switch({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <div className="flex items-center justify-between gap-4 border-b border-line py-2.5 last:border-0">
      <label htmlFor={id} className="min-w-0 flex-1 cursor-pointer">
        <span className="type-section block">{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="block text-ui text-ink-2">
            {hint}
          </span>
        )}
      </label>
      <button
        type="button"
        id={id}
        role="switch"
        aria-checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onClick={() => onChange(!checked)}
        className="group grid h-8 w-10 shrink-0 place-items-center rounded max-md:h-11 max-md:w-12"
      >
        <span className="flex h-4.5 w-8 items-center rounded border border-field bg-raised px-0.5 transition-colors duration-(--dur-state) group-aria-checked:border-ink group-aria-checked:bg-ink">
          <span className="size-3 border border-field bg-raised transition-transform duration-(--dur-state) group-aria-checked:translate-x-3.5 group-aria-checked:border-on-ink group-aria-checked:bg-on-ink motion-reduce:transition-none" />
        </span>
      </button>
    </div>
  )
}
