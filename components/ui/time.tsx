'use client'
import { classes } from './classes.ts'
import { formatTime, type TimeStyle } from './format-time.ts'
import { useMounted } from './use-mounted.ts'

type TimeProps = {
  /** ISO 8601, or epoch ms. */
  at: string | number
  style?: TimeStyle
  /** The style on phones, where the column is narrow. */
  phone?: TimeStyle
  className?: string
}

/**
 * An instant in the time column: monospaced, in the reader's time zone, its width reserved until the browser knows the
 * zone.
 */
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
