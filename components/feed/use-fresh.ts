'use client'
import { useState } from 'react'

/** What has come since the page opened, so that it can be washed when it is first drawn. */
export function useFresh<Key>(): { fresh: ReadonlySet<Key>; add: (keys: readonly Key[]) => void } {
  const [fresh, setFresh] = useState<ReadonlySet<Key>>(new Set())
  return {
    fresh,
    add: (keys) => {
      if (keys.length > 0) setFresh((before) => new Set([...before, ...keys]))
    },
  }
}
