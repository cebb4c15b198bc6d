'use client'
import { usePathname } from 'next/navigation'
import { LaneIcon } from '#components/lane/lane-icon.tsx'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { destinations, isAt } from './destinations.ts'

/** The phone's navigation, at the bottom. */
export function TabBar() {
  const path = usePathname()
  if (path === '/sign-in') return null
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line-strong bg-bg pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {destinations.map((place) => (
        <HoverLink
          key={place.href}
          href={place.href}
          aria-current={isAt(path, place) ? 'page' : undefined}
          className="flex h-(--tabs) flex-1 flex-col items-center justify-center gap-0.5 border-t-2 border-transparent text-micro text-ink-2 aria-[current]:border-ink aria-[current]:font-semibold aria-[current]:text-ink"
        >
          <LaneIcon kind={place.kind} width={22} />
          {place.name}
        </HoverLink>
      ))}
    </nav>
  )
}
