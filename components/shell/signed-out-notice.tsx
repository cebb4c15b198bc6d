'use client'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { useViewerView } from './viewer-gate.tsx'

/** For a page that has no connection to tell it: its user has signed out in another tab. Gone when they are back. */
export function SignedOutNotice({ back, children }: { back: string; children?: string }) {
  const { page, signedIn } = useViewerView()
  if (!page || signedIn.type !== 'nobody') return null
  return (
    <Notice
      action={
        <ButtonLink small href={`/sign-in?next=${encodeURIComponent(back)}`}>
          Sign in
        </ButtonLink>
      }
    >
      <strong className="font-semibold">You’re signed out in this browser.</strong> {children}
    </Notice>
  )
}
