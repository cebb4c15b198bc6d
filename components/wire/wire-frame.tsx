'use client'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useTimings } from './use-recording.ts'
import { WireDrawer } from './wire-drawer.tsx'
import { WireStrip } from './wire-strip.tsx'

/** What a page is about: it polls, in either way, it listens, or it talks. */
export type PageLane = 'short' | 'sse' | 'ws'

type WireFrameProps = { lane?: PageLane; source: ReactNode; children: ReactNode }

/** A use case with its wire: the page, and the strip at its foot or, opened by it or by `w`, the drawer beside it. */
export function WireFrame({ lane = 'short', source, children }: WireFrameProps) {
  const [open, setOpen] = useState(false)
  const strip = useRef<HTMLDivElement>(null)
  useTimings()
  const toggle = useCallback(() => setOpen((before) => !before), [])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'w' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      event.preventDefault()
      toggle()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [toggle])
  const close = () => {
    setOpen(false)
    // The strip appears with the next frame; the focus goes back to what opened the drawer.
    requestAnimationFrame(() => strip.current?.querySelector('button')?.focus())
  }
  return (
    <div className="flex flex-1 items-start">
      <div className="@container min-w-0 flex-1 self-stretch pb-[calc(var(--strip)+28px)]">{children}</div>
      {open ? (
        <WireDrawer lane={lane} source={source} onClose={close} />
      ) : (
        <div ref={strip} className="contents">
          <WireStrip lane={lane} onOpen={toggle} />
        </div>
      )}
    </div>
  )
}

const writing = 'input:not([type=radio], [type=checkbox]), textarea, select, dialog[open], [contenteditable]'

/** A letter in a field, or in an open dialog, is not a command. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(writing) !== null
}
