import { destinations } from '#components/shell/destinations.ts'
import { signInHref } from '#components/shell/sign-in-href.ts'
import { signOutOrTell } from '#components/shell/sign-out-button.tsx'
import { themes } from '#components/shell/theme.ts'
import { chooseTheme, themeLooks } from '#components/shell/theme-items.tsx'
import type { Viewer } from '#server/protocol/people.ts'
import type { Command } from './page-commands.ts'

type Site = { viewer: Viewer | undefined; path: string; onShortcuts: () => void }

/** What the palette offers on every page. */
export function siteCommands({ viewer, path, onShortcuts }: Site): Command[] {
  return [
    ...places(viewer),
    ...themes.map(
      (theme): Command => ({
        group: 'Theme',
        title: `${themeLooks[theme].label} theme`,
        words: 'colours appearance',
        run: () => chooseTheme(theme),
      }),
    ),
    ...account(viewer, path),
    { group: 'Help', title: 'Keyboard shortcuts', keys: '?', run: onShortcuts },
  ]
}

function places(viewer: Viewer | undefined): Command[] {
  const desk = { title: 'Loan desk', href: '/officer', words: 'officer applications decide' }
  return [
    { title: 'Home', href: '/' },
    ...destinations.map(({ title, href, why }) => ({ title, href, words: `${href.slice(1)} ${why}` })),
    ...(viewer?.role === 'officer' ? [desk] : []),
    ...(viewer ? [{ title: 'Apply for a loan', href: '/loans/new', words: 'borrow new application' }] : []),
    { title: 'Traps of the lab', href: '/lab/traps', words: 'pitfalls' },
    { title: 'Stored runs of the lab', href: '/lab/runs', words: 'reports measurements' },
    { title: 'Compare runs', href: '/lab/compare' },
    { title: 'Problems', href: '/problems', words: 'errors status codes' },
    { title: 'States of a page', href: '/states', words: 'empty loading offline examples' },
  ].map((place) => ({ group: 'Go to', ...place }) as const)
}

function account(viewer: Viewer | undefined, path: string): Command[] {
  if (!viewer) return [{ group: 'Account', title: 'Sign in', words: 'log in', href: signInHref(path) }]
  return [
    { group: 'Account', title: 'Account', words: 'name password sessions notifications', href: '/account' },
    { group: 'Account', title: 'Sign out', words: 'log out', run: () => void signOutOrTell() },
  ]
}
