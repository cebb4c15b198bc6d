'use client'
import { useEffect } from 'react'

/** Puts `(6) ` before the title of the document, and keeps it there when a new page brings its own; nothing for 0. */
export function useTitleCount(unread: number) {
  useEffect(() => {
    const prefix = unread > 0 ? `(${unread}) ` : ''
    const put = () => {
      const wanted = prefix + document.title.replace(/^\(\d+\) /, '')
      if (document.title !== wanted) document.title = wanted
    }
    put()
    const observer = new MutationObserver(put)
    observer.observe(document.head, { subtree: true, childList: true, characterData: true })
    return () => observer.disconnect()
  }, [unread])
}
