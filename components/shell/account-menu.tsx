'use client'
import Link from 'next/link'
import { Menu, menuItemClasses } from '#components/ui/menu.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import type { Viewer } from '#server/protocol/protocol.ts'
import { initials } from './initials.ts'
import { signOut } from './sign-out.ts'
import { ThemeItems } from './theme-items.tsx'

/** The initials of who is signed in; below them the account, the desk for an officer, and the way out. */
export function AccountMenu({ viewer }: { viewer: Viewer }) {
  const leave = () =>
    signOut().catch(() =>
      showToast({
        title: 'Sign-out not confirmed.',
        text: 'You may still be signed in. Try again.',
        danger: true,
      }),
    )
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
          Officer’s desk
        </Link>
      )}
      <div className="border-y border-line md:hidden" role="presentation">
        <ThemeItems />
      </div>
      <button type="button" role="menuitem" tabIndex={-1} onClick={leave} className={menuItemClasses}>
        Sign out
      </button>
    </Menu>
  )
}
