'use client'
import type { Ref } from 'react'
import { classes } from '#components/ui/classes.ts'
import { Icon } from '#components/ui/icon.tsx'

type BellButtonProps = { ref: Ref<HTMLButtonElement>; unread: number; open: boolean; onToggle: () => void }

/** The bell in the top bar, with the count of what is unread; it opens the panel. */
export function BellButton({ ref, unread, open, onToggle }: BellButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
      aria-expanded={open}
      aria-controls={open ? bellPanelId : undefined}
      onClick={onToggle}
      className={classes(
        'relative grid size-8 shrink-0 place-items-center rounded transition-colors duration-(--dur-state) max-md:size-9',
        open ? 'bg-ink text-on-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <Icon name="bell" />
      {unread > 0 && (
        <span className="type-axis absolute top-px left-1/2 ml-px grid h-4 min-w-4 place-items-center bg-sse-ink px-1 leading-none text-on-ink">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  )
}

/** The element that the button opens. */
export const bellPanelId = 'notifications'
