'use client'
import { useEffect, useState } from 'react'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Person, WirePeople } from '#server/protocol/protocol.ts'

const pauseMs = 120
const none: readonly Person[] = []

/** The people whose handle or name begins with `prefix`; nobody while it is undefined, or when the server does not answer. */
export function usePeople(prefix: string | undefined): readonly Person[] {
  const [people, setPeople] = useState<readonly Person[]>(none)
  useEffect(() => {
    if (prefix === undefined) return setPeople(none)
    const left = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const url = `/api/people?handle=${encodeURIComponent(prefix)}`
        const response = await pageRecorder.fetch(url, { signal: left.signal })
        setPeople(response.ok ? ((await response.json()) as WirePeople).items : none)
      } catch {
        // A suggestion that does not come is none; what is written stays as it is.
        setPeople(none)
      }
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [prefix])
  return people
}
