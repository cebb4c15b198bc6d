'use client'

import { useState } from 'react'
import { pageFetch, pageViewer } from '#components/live/page-viewer.ts'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast-store.ts'

/** Ends this browser's session. */
export function SignOutButton() {
  const [pending, setPending] = useState(false)
  const leave = async () => {
    setPending(true)
    if (!(await signOutOrTell())) setPending(false)
  }
  return (
    <Button pending={pending} onClick={leave}>
      Sign out
    </Button>
  )
}

/** The same without a button; false, and a toast says so, when it is not known to have worked. */
export async function signOutOrTell(): Promise<boolean> {
  try {
    await signOut()
    return true
  } catch {
    showToast({
      title: 'Sign-out not confirmed.',
      text: 'You may still be signed in. Try again.',
      danger: true,
    })
    return false
  }
}

/** Ends this browser's session and opens the home page as a fresh document, so that nothing of the session remains. */
async function signOut(): Promise<void> {
  const response = await pageFetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  // 401: the session had already ended, which is what was wanted.
  if (!response.ok && response.status !== 401) throw new Error(`Cannot sign out: status ${response.status}`)
  pageViewer.changed()
  window.location.assign('/')
}
