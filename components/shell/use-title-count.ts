'use client'
import { useEffect, useId } from 'react'

const counts = new Map<string, number>()
let observer: MutationObserver | undefined

/**
 * Puts `(6) ` before the title of the document, and keeps it there when a new page brings its own; nothing for 0.
 *
 * Where several count (the bell, the rooms of the chat), it is their sum.
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
