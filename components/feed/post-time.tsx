'use client'
import { Time } from '#components/ui/time.tsx'
import { useMounted } from '#components/ui/use-mounted.ts'

/** When something was written: the time of day, and of another day the date. */
export function PostTime({ at, className }: { at: string | number; className?: string }) {
  const mounted = useMounted()
  const today = !mounted || new Date(at).toDateString() === new Date().toDateString()
  return (
    <Time at={at} style={today ? 'second' : 'day'} phone={today ? 'minute' : 'day'} className={className} />
  )
}
