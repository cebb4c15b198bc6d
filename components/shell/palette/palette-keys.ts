'use client'
import { useEffect, useEffectEvent } from 'react'
import { isTyping } from '#components/ui/is-typing.ts'

export type PaletteSheet = 'commands' | 'shortcuts'

/** The caps of the keys that open the palette, in a browser. */
export function paletteKeys(): readonly [string, string] {
  return [isApple() ? '⌘' : 'Ctrl', 'K']
}

/** Calls `toggle` for Ctrl K (⌘K on Apple's machines), also while one writes, and for `?` where nobody is writing. */
export function usePaletteKeys(toggle: (sheet: PaletteSheet) => void) {
  const latest = useEffectEvent(toggle)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const sheet = sheetOf(event)
      if (!sheet) return
      event.preventDefault()
      latest(sheet)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function sheetOf({ key, ctrlKey, metaKey, altKey, shiftKey, target }: KeyboardEvent) {
  // On Apple's machines Ctrl K deletes to the end of the line.
  const [command, other] = isApple() ? [metaKey, ctrlKey] : [ctrlKey, metaKey]
  if (command && !other && !altKey && !shiftKey && key.toLowerCase() === 'k') return 'commands'
  if (key === '?' && !ctrlKey && !metaKey && !altKey && !isTyping(target)) return 'shortcuts'
  return undefined
}

function isApple(): boolean {
  return /^(Mac|iP)/.test(navigator.platform)
}
