'use client'
import { useState } from 'react'
import { pageViewer } from '#components/live/page-viewer.ts'
import { type Credentials, type Mode, type Refused, sendCredentials } from './credentials.ts'

/** The state of signing in. Once it has worked it stays `pending`, for the page is about to leave. */
export function useCredentials(next: string) {
  const [pending, setPending] = useState<string>()
  const [refused, setRefused] = useState<Refused>()
  return {
    pending,
    refused,
    forget: () => setRefused(undefined),
    /** `who` tells which control is at work. */
    async enter(mode: Mode, credentials: Credentials, who: string) {
      if (pending !== undefined) return
      setPending(who)
      setRefused(undefined)
      const refusal = await sendCredentials(mode, credentials)
      if (refusal) {
        setRefused(refusal)
        setPending(undefined)
        return
      }
      pageViewer.changed()
      // A fresh document: nothing that was rendered for somebody else may stay.
      window.location.assign(next)
    },
  }
}
