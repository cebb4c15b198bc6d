'use client'
import { Icon } from '#components/ui/icon.tsx'
import { menuItemClasses } from '#components/ui/menu.tsx'
import { type Theme, themes } from './theme.ts'
import { useTheme } from './use-theme.ts'

const looks = {
  system: { label: 'As the system', icon: 'system' },
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
