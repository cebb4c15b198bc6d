'use client'
import { useEffect, useState } from 'react'
import { browserStorage } from '#components/live/browser-features.ts'

/** What is being written in a room: kept in this browser for this reader until it is sent. */
export function useDraft(readerId: string, roomId: string): [text: string, setText: (text: string) => void] {
  const key = `draft ${readerId} ${roomId}`
  const [text, setText] = useState('')
  useEffect(() => setText(browserStorage.getItem(key) ?? ''), [key])
  return [
    text,
    (next) => {
      setText(next)
      if (next === '') browserStorage.removeItem(key)
      else browserStorage.setItem(key, next)
    },
  ]
}
