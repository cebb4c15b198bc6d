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
    <span className={classes('flex min-w-0 items-center gap-1', className)}>
      <span className="inline-grid w-3.5 shrink-0 place-items-center">
        {visibility === 'public' ? (
          <span className="font-mono text-[13px]" aria-hidden>
            #
          </span>
        ) : (
          <Icon name="lock" className="size-3.5" />
        )}
      </span>
      <bdi className="truncate">{name}</bdi>
      {visibility === 'invite' && <span className="sr-only">, by invitation</span>}
    </span>
  )
}
