import { LaneIcon } from '#components/lane/lane-icon.tsx'
import { LatestAck, LatestSame, LatestTalk, LatestWait } from '#components/pulse/latest-figures.tsx'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { type Destination, destinations } from './destinations.ts'

/** The destinations, what each is good for, and what was measured of it. */
export function Timetable() {
  return (
    <nav aria-label="Destinations" className="max-md:border-t max-md:border-line-strong">
      {destinations.map((place) => (
        <HoverLink
          key={place.href}
          href={place.href}
          className="group flex min-h-11 items-center gap-4 border-b border-line py-2 max-md:min-h-12 md:grid md:h-10 md:min-h-0 md:grid-cols-[var(--names)_minmax(0,1fr)_var(--figures)] md:gap-0 md:py-0 md:last:border-0"
        >
          <span className="flex flex-1 items-center gap-5 md:max-lg:gap-3 md:pr-4 lg:pr-9">
            <LaneIcon kind={place.kind} width={28} />
            <span className="type-section whitespace-nowrap">{place.title}</span>
            <Icon
              name="arrow-right"
              className="ml-auto text-ink-2 transition-transform duration-(--dur-state) group-hover:translate-x-1 max-md:hidden"
            />
          </span>
          <span className="truncate text-ui text-ink-2 max-md:hidden">{place.why}</span>
          <span className="type-data text-right text-ink-2">
            <Measured place={place} />
          </span>
        </HoverLink>
      ))}
    </nav>
  )
}

function Measured({ place }: { place: Destination }) {
  switch (place.href) {
    case '/feed':
      return <LatestWait />
    case '/chat':
      return <LatestAck />
    case '/trading':
      return <LatestTalk />
    case '/loans':
      return <LatestSame />
    default:
      return null
  }
}
