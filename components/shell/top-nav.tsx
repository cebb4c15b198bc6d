'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Lane } from '#components/lane/lane.tsx'
import { destinations, isAt } from './destinations.ts'

/** The destinations in the top bar; phones have the tab bar instead. */
export function TopNav() {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="flex h-full items-stretch gap-4 max-md:hidden lg:gap-7">
      {destinations.map((place) => (
        <Link
          key={place.href}
          href={place.href}
          aria-current={isAt(path, place) ? 'page' : undefined}
          className="group flex items-center gap-2.5 border-y-2 border-transparent text-ui text-ink-2 transition-colors duration-(--dur-state) hover:text-ink aria-[current]:border-b-ink aria-[current]:font-semibold aria-[current]:text-ink"
        >
          {place.href === '/lab' && <span className="mr-1.5 h-5 border-l border-line-strong" aria-hidden />}
          {place.kind && <Lane kind={place.kind} width={18} />}
          {place.name}
        </Link>
      ))}
    </nav>
  )
}
