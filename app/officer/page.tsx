import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { OfficerDesk } from '#components/loans/officer/officer-desk.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { alertsOf, loansInStatus } from '#server/pages.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Loan desk' }

/** For officers; to everyone else the page does not exist. */
export default async function OfficerPage() {
  const viewer = await signedIn('/officer')
  if (viewer.role !== 'officer') notFound()
  const [review, failed, alerts] = await Promise.all([
    loansInStatus(viewer, 'under-review'),
    loansInStatus(viewer, 'failed'),
    alertsOf(viewer),
  ])
  return (
    <>
      <RenderedFor viewer={viewer} />
      <OfficerDesk viewer={viewer} review={review} failed={failed} alerts={alerts} />
    </>
  )
}
