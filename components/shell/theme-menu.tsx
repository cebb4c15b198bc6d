'use client'
import { Icon } from '#components/ui/icon.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { ThemeItems } from './theme-items.tsx'

/** Light, dark or as the system has it. The icon shows what is in force; CSS knows it before any script runs. */
export function ThemeMenu({ className }: { className?: string }) {
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
