'use client'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** The reader stays at the newest message, or where the line `id` is `top` px below the edge. */
type Place = 'latest' | { id: string; top: number }

const latestPx = 32
const olderPx = 600

type ScrollPlace = {
  /**
   * The scrolling box, with `flex-direction: column-reverse`: it starts at its end, and scroll offsets count from
   * there.
   */
  scroller: RefObject<HTMLDivElement | null>
  content: RefObject<HTMLDivElement | null>
  /** Whether the newest line is in view. */
  atLatest: boolean
  toLatest: () => void
  /** Scrolls an element to the middle of the view; false if it does not exist. */
  toElement: (id: string) => boolean
}

/**
 * Keeps the reader's scroll position in a conversation, whatever is inserted before, within or after it: a reader at
 * the newest message stays there, otherwise the first visible line stays where it is. Lines are elements with
 * `data-place`. `onNearTop` is called when the oldest come near.
 * The browser's own scroll anchoring does not work at the very top, where older messages are inserted.
 */
export function useScrollAnchor(onNearTop: () => void): ScrollPlace {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const place = useRef<Place>('latest')
  const nearTop = useRef(onNearTop)
  const [atLatest, setAtLatest] = useState(true)
  const told = useRef(true)

  const look = useCallback(() => {
    const box = scroller.current
    if (!box) return
    place.current = -box.scrollTop < latestPx ? 'latest' : (firstInSight(box) ?? place.current)
    const isAtLatest = place.current === 'latest'
    // Setting the same state again after each render may make React render forever.
    if (told.current !== isAtLatest) {
      told.current = isAtLatest
      setAtLatest(isAtLatest)
    }
    if (box.scrollHeight - box.clientHeight + box.scrollTop < olderPx) nearTop.current()
  }, [])

  useEffect(() => {
    nearTop.current = onNearTop
  })
  // After each render, because any may have inserted something before the anchored line.
  useLayoutEffect(() => {
    if (scroller.current) keepPlace(scroller.current, place.current)
    look()
  })
  useEffect(() => {
    const box = scroller.current
    if (!box || !content.current) return
    const observer = new ResizeObserver(() => keepPlace(box, place.current))
    observer.observe(content.current)
    observer.observe(box)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [look])

  return {
    scroller,
    content,
    atLatest,
    toLatest: useCallback(() => {
      place.current = 'latest'
      if (scroller.current) keepPlace(scroller.current, 'latest')
      look()
    }, [look]),
    toElement: useCallback(
      (id) => {
        const line = document.getElementById(id)
        line?.scrollIntoView({ block: 'center' })
        look()
        return line !== null
      },
      [look],
    ),
  }
}

function keepPlace(box: HTMLElement, place: Place) {
  if (place === 'latest') {
    box.scrollTop = 0
    return
  }
  const line = document.getElementById(place.id)
  if (line) box.scrollTop += line.getBoundingClientRect().top - box.getBoundingClientRect().top - place.top
}

/** The lines are in order, so a binary search finds the first without measuring each one. */
function firstInSight(box: HTMLElement): Place | undefined {
  const edge = box.getBoundingClientRect().top
  const lines = box.querySelectorAll<HTMLElement>('[data-place]')
  let [from, to] = [0, lines.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((lines[middle]?.getBoundingClientRect().bottom ?? 0) > edge) to = middle
    else from = middle + 1
  }
  const line = lines[from]
  return line && { id: line.id, top: line.getBoundingClientRect().top - edge }
}
