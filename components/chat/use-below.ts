'use client'
import { useState } from 'react'

/** The seq after which messages are below the sight of a reader who has scrolled up. */
export function useBelow(newest: number, atLatest: boolean): number {
  const [seen, setSeen] = useState(newest)
  if (atLatest && seen !== newest) setSeen(newest)
  return seen
}
