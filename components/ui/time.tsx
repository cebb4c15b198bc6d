'use client'
import { classes } from './classes.ts'
import { formatTime, type TimeStyle } from './format-time.ts'
import { useMounted } from './use-mounted.ts'

type TimeProps = {
  /** ISO 8601, or milliseconds since 1970. */
  at: string | number
  style?: TimeStyle
  /** What phones show instead, where the gutter is narrow. */
  phone?: TimeStyle
  className?: string
}

/** An instant on the hanging clock: mono, in the reader's zone, its width kept until the browser knows the zone. */
export function Time({ at, style = 'second', phone, className }: TimeProps) {
  const mounted = useMounted()
  const instant = new Date(at)
  return (
    <time
      dateTime={instant.toISOString()}
      translate="no"
      className={classes('type-data whitespace-nowrap', !mounted && 'invisible', className)}
    >
      {phone === undefined ? (
        shown(instant, style, mounted)
      ) : (
        <>
          <span className="md:hidden">{shown(instant, phone, mounted)}</span>
          <span className="max-md:hidden">{shown(instant, style, mounted)}</span>
        </>
      )}
    </time>
  )
}

const widest = {
  minute: '00:00',
  second: '00:00:00',
  milli: '00:00:00.000',
  day: '00 Nov',
  date: '00 Nov 0000',
  full: '00 Nov 00:00:00',
  recent: '00:00:00',
} as const satisfies Record<TimeStyle, string>

function shown(instant: Date, style: TimeStyle, mounted: boolean): string {
  return mounted ? formatTime(instant, style) : widest[style]
}
