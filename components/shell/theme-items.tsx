'use client'

import { useSyncExternalStore } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { menuItemClasses } from '#components/ui/menu.tsx'
import { readTheme, type Theme, themes } from './theme.ts'

/** How the themes are called and drawn. */
export const themeLooks = {
  system: { label: 'System', icon: 'system' },
  light: { label: 'Light', icon: 'sun' },
  dark: { label: 'Dark', icon: 'moon' },
} as const satisfies Record<Theme, object>

/** The three themes as items of a menu. */
export function ThemeItems({ className }: { className?: string }) {
  const chosen = useTheme()
  return themes.map((theme) => (
    <button
      key={theme}
      type="button"
      role="menuitemradio"
      aria-checked={theme === chosen}
      tabIndex={-1}
      onClick={() => chooseTheme(theme)}
      className={`${menuItemClasses} ${theme === chosen ? 'font-semibold' : ''} ${className ?? ''}`}
    >
      <span className="flex items-center gap-2.5">
        <Icon name={themeLooks[theme].icon} /> {themeLooks[theme].label}
      </span>
      {theme === chosen && <Icon name="check" />}
    </button>
  ))
}

const watchers = new Set<() => void>()
const yearSeconds = 365 * 24 * 60 * 60

/** The current theme. */
function useTheme(): Theme {
  return useSyncExternalStore<Theme>(
    watch,
    () => readTheme(document.documentElement.dataset.theme),
    () => 'system',
  )
}

/** Chooses a theme for this browser. */
export function chooseTheme(theme: Theme) {
  const { dataset } = document.documentElement
  // The page names its cookie, because apps on other ports of this host share its cookies.
  const { themeCookie } = document.body.dataset
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  const maxAge = theme === 'system' ? 0 : yearSeconds
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${maxAge}; samesite=lax`
  for (const changed of watchers) changed()
}

function watch(changed: () => void) {
  watchers.add(changed)
  return () => watchers.delete(changed)
}
