'use client'
import { kindWords } from '#components/notifications/kind-words.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { notificationKinds, type Preferences } from '#server/protocol/protocol.ts'
import { usePreferences } from './use-preferences.ts'

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
