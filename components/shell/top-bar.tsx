'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Mark } from '#components/lane/mark.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import type { Viewer } from '#server/protocol.ts'
import { AccountMenu } from './account-menu.tsx'
import { BadgeSlot } from './badge-slot.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { TopNav } from './top-nav.tsx'

/** `unknown` while the database is away: neither initials nor "Sign in" would be true. */
export type BarViewer = Viewer | null | 'unknown'

/** The bar at the top of every page but the sign-in page, which has only the logo. */
export function TopBar({ viewer }: { viewer: BarViewer }) {
  const path = usePathname()
  if (path === '/sign-in') {
    return (
      <header className="page-x absolute top-0 left-0 z-10 flex h-(--bar) items-center">
        <Home />
      </header>
    )
  }
  return (
    <header className="page-x sticky top-0 z-10 flex h-(--bar) shrink-0 items-center gap-4 border-b border-line bg-bg">
      <div className="shell-logo lg:w-[157px]">
        <Home />
      </div>
      <TopNav />
      <div className="ml-auto flex items-center gap-2 md:gap-3">
        <BadgeSlot />
        {viewer === null && (
          <ButtonLink href={signInHref(path)} small>
            Sign in
          </ButtonLink>
        )}
        <ThemeMenu className={viewer === null ? undefined : 'max-md:hidden'} />
        {viewer !== null && viewer !== 'unknown' && <AccountMenu viewer={viewer} />}
      </div>
    </header>
  )
}

function Home() {
  return (
    <Link href="/" aria-label="Wireside, home" className="inline-flex h-8 items-center gap-2.5 type-section">
      <Mark />
      <span className="max-lg:md:hidden">Wireside</span>
    </Link>
  )
}

function signInHref(path: string): string {
  return path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`
}
