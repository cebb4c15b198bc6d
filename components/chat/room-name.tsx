import { classes } from '#components/ui/classes.ts'
import { Icon } from '#components/ui/icon.tsx'
import type { Visibility } from '#server/protocol/chat.ts'

/** A room's name behind its sign: # for a public one, a lock for one that wants an invitation. */
export function RoomName({
  name,
  visibility,
  className,
}: {
  name: string
  visibility: Visibility
  className?: string
}) {
  return (
    <span className={classes('flex min-w-0 items-center', className)}>
      <span className="w-4 shrink-0">
        {visibility === 'public' ? (
          <span className="pl-px font-normal" aria-hidden>
            #
          </span>
        ) : (
          <Icon name="lock" className="-ml-0.5 size-3.5" />
        )}
      </span>
      <bdi className="truncate">{name}</bdi>
      {visibility === 'invite' && <span className="sr-only">, by invitation</span>}
    </span>
  )
}
