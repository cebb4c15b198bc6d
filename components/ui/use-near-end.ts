'use client'
import { type RefObject, useEffect, useRef } from 'react'

/** The ref of an element at the end of a list; `reach` is called when it comes near the viewport, while `wanted`. */
export function useNearEnd(reach: () => void, wanted: boolean): RefObject<HTMLDivElement | null> {
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(reach)
  useEffect(() => {
    latest.current = reach
  })
  useEffect(() => {
    if (!wanted || !end.current) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) latest.current()
      },
      { rootMargin: '200px' },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [wanted])
  return end
}
