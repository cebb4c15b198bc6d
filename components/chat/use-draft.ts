'use client'
import { useEffect, useState } from 'react'

/** What is being written in a room: kept in this browser for this reader until it is sent. */
export function useDraft(readerId: string, roomId: string): [text: string, setText: (text: string) => void] {
  const key = `draft ${readerId} ${roomId}`
  const [text, setText] = useState('')
  useEffect(() => setText(kept(key)), [key])
  return [
    text,
    (next) => {
      setText(next)
      keep(key, next)
    },
  ]
}

function kept(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    // A browser that keeps nothing for us: the draft lives as long as the page.
    return ''
  }
}

function keep(key: string, text: string) {
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // As above; or there is no room left.
  }
}
