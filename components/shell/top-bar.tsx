'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { Mark } from '#components/lane/mark.tsx'
import { TopBell } from '#components/notifications/top-bell.tsx'
import { BellProvider } from '#components/notifications/use-bell.ts'
import { ButtonLink } from '#components/ui/button-link.tsx'
import type { Viewer, WireNotificationList } from '#server/protocol/protocol.ts'
import { AccountMenu } from './account-menu.tsx'
import { BadgeSlot } from './badge-slot.tsx'
import { destinations, isAt } from './destinations.ts'
import { ThemeMenu } from './theme-menu.tsx'
import { TopNav } from './top-nav.tsx'

/** `unknown` while the database is away: neither initials nor "Sign in" would be true. */
export type BarViewer = Viewer | null | 'unknown'

type TopBarProps = {
  viewer: BarViewer
  /** The bell's first list, of whoever is signed in; without it the bell asks for one. */
  notifications?: WireNotificationList
}

/** The bar at the top of every page but the sign-in page, which has only the logo. */
export function TopBar({ viewer, notifications }: TopBarProps) {
  const path = usePathname()
  const [belowBar, setBelowBar] = useState<HTMLDivElement | null>(null)
  if (path === '/sign-in') {
    return (
      <header className="page-x absolute top-0 left-0 z-10 flex h-(--bar) items-center">
        <Home />
      </header>
    )
  }
  const someone = viewer !== null && viewer !== 'unknown' ? viewer : undefined
  return (
    <>
      <header className="group/bar page-x sticky top-0 z-10 flex h-(--bar) shrink-0 items-center gap-4 border-b border-line bg-bg">
        <div className="shell-logo lg:w-[157px]">
          <Home />
        </div>
        <TopNav />
        <div className="ml-auto flex items-center gap-2 md:gap-3">
          <span className="contents group-has-[[aria-controls=notifications]]/bar:max-md:hidden">
            <BadgeSlot />
          </span>
          {viewer === null && (
            <ButtonLink href={signInHref(path)} small>
              Sign in
            </ButtonLink>
          )}
          {someone && (
            <BellProvider key={someone.id} viewer={someone} initial={notifications ?? null}>
              <TopBell place={belowBar} />
            </BellProvider>
          )}
          <ThemeMenu className={viewer === null ? undefined : 'max-md:hidden'} />
          {someone && <AccountMenu viewer={someone} />}
        </div>
      </header>
      <div ref={setBelowBar} className="sticky top-(--bar) z-40 h-0" />
    </>
  )
}

/** The logo; on phones, which show no names of destinations up here, the name of the one that is open. */
function Home() {
  const path = usePathname()
  const place = destinations.find((one) => isAt(path, one))?.name ?? 'Wireside'
  return (
    <Link href="/" aria-label="Wireside, home" className="inline-flex h-8 items-center gap-2.5 type-section">
      <Mark />
      <span className="max-lg:hidden">Wireside</span>
      <span className="md:hidden">{place}</span>
    </Link>
  )
}

function signInHref(path: string): string {
  return path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`
}
