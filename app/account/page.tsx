import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { NotificationPreferences } from '#components/account/preferences.tsx'
import { Profile } from '#components/account/profile.tsx'
import { Sessions } from '#components/account/sessions.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { SignOutButton } from '#components/shell/sign-out-button.tsx'
import { SignedOutNotice } from '#components/shell/viewer-gate.tsx'
import { preferencesOf } from '#server/pages.ts'
import { viewer } from '../viewer.ts'

export const metadata: Metadata = { title: 'Account' }

/** Who is signed in, their notification settings, their other sessions, and signing out. */
export default async function Account() {
  const me = (await viewer()) ?? redirect('/sign-in?next=/account')
  return (
    <div className="page-x mx-auto w-full max-w-[912px] pt-6 pb-16 md:pt-8">
      <div className="flex items-end justify-between gap-4">
        <h1 className="type-title">Account</h1>
        <SignOutButton />
      </div>
      <Profile viewer={me} />
      <RenderedFor viewer={me} />
      <SignedOutNotice back="/account">Sign in again to change your settings.</SignedOutNotice>
      <NotificationPreferences initial={await preferencesOf(me)} role={me.role} />
      <Sessions />
    </div>
  )
}
