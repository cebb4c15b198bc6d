'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { Lane } from '#components/lane/lane.tsx'
import { Mark } from '#components/lane/mark.tsx'
import { TopBell } from '#components/notifications/top-bell.tsx'
import { BellProvider } from '#components/notifications/use-bell.ts'
import { ButtonLink } from '#components/ui/button.tsx'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu, menuItemClasses } from '#components/ui/menu.tsx'
import { initials } from '#components/ui/person-label.ts'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { BadgeSlot } from './badge-slot.tsx'
import { destinations, isAt } from './destinations.ts'
import { Palette } from './palette/palette.tsx'
import type { PaletteSheet } from './palette/palette-keys.ts'
import { signInHref } from './sign-in-href.ts'
import { signOutOrTell } from './sign-out-button.tsx'
import { ThemeItems } from './theme-items.tsx'

/** `unknown` while the database is unavailable: neither initials nor "Sign in" would be true. */
type BarViewer = Viewer | null | 'unknown'

type TopBarProps = {
  viewer: BarViewer
  /** The signed-in user's first list for the bell; without it the bell requests one. */
  notifications?: WireNotificationList
}

/** The bar at the top of every page; the sign-in page's has only the logo. */
export function TopBar({ viewer, notifications }: TopBarProps) {
  const path = usePathname()
  const [belowBar, setBelowBar] = useState<HTMLDivElement | null>(null)
  const [sheet, setSheet] = useState<PaletteSheet>()
  const someone = viewer !== null && viewer !== 'unknown' ? viewer : undefined
  const palette = <Palette sheet={sheet} onSheet={setSheet} viewer={someone} />
  const openPalette = () => setSheet('commands')
  if (path === '/sign-in') {
    return (
      <>
        <header className="page-x absolute top-0 left-0 z-10 flex h-(--bar) items-center">
          <Home />
        </header>
        {palette}
      </>
    )
  }
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
          <PaletteButton onOpen={openPalette} />
          <ThemeMenu className={viewer === null ? undefined : 'max-md:hidden'} />
          {someone && <AccountMenu viewer={someone} onPalette={openPalette} />}
        </div>
      </header>
      {palette}
      <div ref={setBelowBar} className="sticky top-(--bar) z-40 h-0" />
    </>
  )
}

/** The logo; on phones, whose bar lists no destinations, with the name of the open one. */
function Home() {
  const path = usePathname()
  const place = destinations.find((one) => isAt(path, one))?.name ?? 'Wireside'
  return (
    <HoverLink
      href="/"
      aria-label="Wireside, home"
      className="inline-flex h-8 items-center gap-2.5 type-section"
    >
      <Mark />
      <span className="max-lg:hidden">Wireside</span>
      <span className="md:hidden">{place}</span>
    </HoverLink>
  )
}

/** For those who do not know its keys; narrow windows have it in the account's menu. */
function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <IconButton
      label="Pages and commands"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={onOpen}
      className="max-lg:hidden"
    >
      <Icon name="search" />
    </IconButton>
  )
}

/** Light, dark or the system's. The icon shows the current theme, which CSS knows before any script runs. */
function ThemeMenu({ className }: { className?: string }) {
  return (
    <div className={className}>
      <Menu
        label="Theme"
        triggerClassName="grid size-8 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink max-md:size-11"
        trigger={
          <>
            <Icon name="moon" className="dark:hidden" />
            <Icon name="sun" className="hidden dark:block" />
          </>
        }
      >
        <ThemeItems />
      </Menu>
    </div>
  )
}

/** The destinations in the top bar; phones have the tab bar instead. */
function TopNav() {
  const path = usePathname()
  return (
    <nav aria-label="Main" className="flex h-full items-stretch gap-4 max-md:hidden lg:gap-7">
      {destinations.map((place) => (
        <HoverLink
          key={place.href}
          href={place.href}
          aria-current={isAt(path, place) ? 'page' : undefined}
          className="group flex items-center gap-2.5 border-y-2 border-transparent text-ui text-ink-2 transition-colors duration-(--dur-state) hover:text-ink aria-[current]:border-b-ink aria-[current]:font-semibold aria-[current]:text-ink"
        >
          {place.href === '/lab' && <span className="mr-1.5 h-5 border-l border-line-strong" aria-hidden />}
          {place.kind && (
            <span className="max-lg:hidden">
              <Lane kind={place.kind} width={18} />
            </span>
          )}
          {place.name}
        </HoverLink>
      ))}
    </nav>
  )
}

/** The signed-in user's initials; the menu has the account, the desk for officers, and signing out. */
function AccountMenu({ viewer, onPalette }: { viewer: Viewer; onPalette: () => void }) {
  return (
    <Menu
      label={`Account of ${viewer.name}`}
      triggerClassName="grid size-7 place-items-center rounded border border-field font-mono text-axis font-semibold text-ink-2 hover:bg-hover hover:text-ink max-md:size-9"
      trigger={initials(viewer.name)}
    >
      <p className="border-b border-line px-3 py-2 text-ui" role="presentation">
        <span className="block font-semibold">{viewer.name}</span>
        <span className="type-label">{viewer.role === 'officer' ? 'loan officer' : 'customer'}</span>
      </p>
      <Link href="/account" role="menuitem" tabIndex={-1} className={menuItemClasses}>
        Account
      </Link>
      {viewer.role === 'officer' && (
        <Link href="/officer" role="menuitem" tabIndex={-1} className={menuItemClasses}>
          Loan desk
        </Link>
      )}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        onClick={onPalette}
        className={`${menuItemClasses} lg:hidden`}
      >
        Pages and commands
      </button>
      <div className="border-y border-line md:hidden" role="presentation">
        <ThemeItems />
      </div>
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        onClick={() => void signOutOrTell()}
        className={menuItemClasses}
      >
        Sign out
      </button>
    </Menu>
  )
}
