'use client'
import { useEffect, useState } from 'react'
import type { ScopeFigures, ScopeView } from './scope-view.ts'

/** React renders four times a second; anything faster is drawn on the canvas. */
const everyMs = 250

/** The scope's figures; undefined before the first. */
export function useScopeFigures(scope: ScopeView | undefined): ScopeFigures | undefined {
  const [figures, setFigures] = useState<{ scope: ScopeView; figures: ScopeFigures }>()
  useEffect(() => {
    if (!scope) return
    const look = () => setFigures({ scope, figures: scope.figures() })
    look()
    const unwatch = scope.watch(look)
    const timer = setInterval(() => scope.isLive() && look(), everyMs)
    return () => {
      clearInterval(timer)
      unwatch()
    }
  }, [scope])
  return figures && figures.scope === scope ? figures.figures : undefined
}
