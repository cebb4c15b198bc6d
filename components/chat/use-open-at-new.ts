'use client'
import { useLayoutEffect, useRef } from 'react'

/** Opens a room where what is new begins, when that is further up than the end shows. */
export function useOpenAtNew(wanted: boolean, show: (id: string) => boolean) {
  const done = useRef(false)
  useLayoutEffect(() => {
    if (done.current || !wanted) return
    done.current = true
    const line = document.getElementById('new-messages')
    const box = line?.closest('.overflow-y-auto')
    if (!line || !box) return
    if (line.getBoundingClientRect().top < box.getBoundingClientRect().top) show('new-messages')
  }, [wanted, show])
}
