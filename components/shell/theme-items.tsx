'use client'

import { useSyncExternalStore } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { menuItemClasses } from '#components/ui/menu.tsx'
import { readTheme, type Theme, themes } from './theme.ts'

const looks = {
  system: { label: 'System', icon: 'system' },
  light: { label: 'Light', icon: 'sun' },
  dark: { label: 'Dark', icon: 'moon' },
} as const satisfies Record<Theme, object>

/** The three themes as items of a menu. */
export function ThemeItems({ className }: { className?: string }) {
  const [chosen, choose] = useTheme()
  return themes.map((theme) => (
    <button
      key={theme}
      type="button"
      role="menuitemradio"
      aria-checked={theme === chosen}
      tabIndex={-1}
      onClick={() => choose(theme)}
      className={`${menuItemClasses} ${theme === chosen ? 'font-semibold' : ''} ${className ?? ''}`}
    >
      <span className="flex items-center gap-2.5">
        <Icon name={looks[theme].icon} /> {looks[theme].label}
      </span>
      {theme === chosen && <Icon name="check" />}
    </button>
  ))
}

const watchers = new Set<() => void>()
const yearSeconds = 365 * 24 * 60 * 60

/** The current theme, and a function that chooses another for this browser. */
function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore<Theme>(
    watch,
    () => readTheme(document.documentElement.dataset.theme),
    () => 'system',
  )
  return [theme, choose]
}

function choose(theme: Theme) {
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
