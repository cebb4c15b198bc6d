'use client'
import { type FocusEvent, type KeyboardEvent, type PointerEvent, useState } from 'react'

/** Which line of a conversation the pointer is over, and which has the focus; by `data-place`. */
export type Roving = {
  over: number | undefined
  focused: number | undefined
  /** For the element around all lines: arrow keys walk from line to line, Home and End to the ends. */
  handlers: {
    onPointerOver: (event: PointerEvent) => void
    onPointerLeave: () => void
    onFocus: (event: FocusEvent) => void
    onBlur: (event: FocusEvent) => void
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  }
}

export function useRoving(): Roving {
  const [over, setOver] = useState<number>()
  const [focused, setFocused] = useState<number>()
  return {
    over,
    focused,
    handlers: {
      onPointerOver: ({ target }) => setOver(placeOf(target)),
      onPointerLeave: () => setOver(undefined),
      onFocus: ({ target }) => setFocused(placeOf(target)),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setFocused(undefined)
      },
      onKeyDown: walk,
    },
  }
}

function walk(event: KeyboardEvent<HTMLElement>) {
  if (!(event.target instanceof HTMLElement) || event.target.dataset.place === undefined) return
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')]
  const at = lines.indexOf(event.target)
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  lines[next]?.focus()
}

function placeOf(target: EventTarget): number | undefined {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null
  return line ? Number(line.dataset.place) : undefined
}
