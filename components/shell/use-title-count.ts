'use client'
import { useEffect, useId } from 'react'

const counts = new Map<string, number>()
let observer: MutationObserver | undefined

/**
 * Prefixes the document's title with `(6) `, and keeps it there when a new page sets its own; nothing for 0.
 * If several components count (the bell, the chat's rooms), their sum is shown.
 */
export function useTitleCount(unread: number) {
  const id = useId()
  useEffect(() => {
    counts.set(id, unread)
    put()
    observer ??= watched()
    return () => {
      counts.delete(id)
      put()
      if (counts.size > 0) return
      observer?.disconnect()
      observer = undefined
    }
  }, [id, unread])
}

function watched(): MutationObserver {
  const watching = new MutationObserver(put)
  watching.observe(document.head, { subtree: true, childList: true, characterData: true })
  return watching
}

function put() {
  const sum = [...counts.values()].reduce((all, count) => all + count, 0)
  const wanted = `${sum > 0 ? `(${sum}) ` : ''}${document.title.replace(/^\(\d+\) /, '')}`
  if (document.title !== wanted) document.title = wanted
}
