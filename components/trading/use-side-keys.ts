'use client'
import { useEffect, useRef } from 'react'
import type { Side } from '#server/protocol/trading.ts'

const sides: Record<string, Side | undefined> = { b: 'buy', s: 'sell' }
const writing = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]'

/** `b` and `s` choose the side wherever nobody is writing. */
export function useSideKeys(choose: (side: Side) => void) {
  const latest = useRef(choose)
  useEffect(() => {
    latest.current = choose
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const side = sides[event.key]
      if (!side || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(writing)) return
      event.preventDefault()
      latest.current(side)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
