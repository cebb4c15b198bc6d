'use client'
import { useEffect, useState } from 'react'

/** The comment that the address leads to (`#comment-12`), also when it changes while the page stands. */
export function useAimedComment(): number | undefined {
  const [aimedAt, setAimedAt] = useState<number>()
  useEffect(() => {
    const look = () => {
      const id = /^#comment-(\d{1,10})$/.exec(window.location.hash)?.[1]
      setAimedAt(id === undefined ? undefined : Number(id))
    }
    look()
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  return aimedAt
}
