'use client'
import { useState } from 'react'
import { signOut } from '#components/shell/sign-out.ts'
import { Button } from '#components/ui/button.tsx'
import { showToast } from '#components/ui/toast-store.ts'

/** Ends this browser's session. */
export function SignOutButton() {
  const [pending, setPending] = useState(false)
  const leave = async () => {
    setPending(true)
    try {
      await signOut()
    } catch {
      setPending(false)
      showToast({
        title: 'Sign-out not confirmed.',
        text: 'You may still be signed in. Try again.',
        danger: true,
      })
    }
  }
  return (
    <Button pending={pending} onClick={leave}>
      Sign out
    </Button>
  )
}
