import type { Metadata } from 'next'
import { ApplyForm } from '#components/loans/apply-form.tsx'
import { MadeFor } from '#components/shell/made-for.tsx'
import { demoPeople } from '#server/pages.ts'
import { signedIn } from '../signed-in.ts'

export const metadata: Metadata = { title: 'Apply for a loan' }

export default async function NewLoanPage() {
  const viewer = await signedIn('/loans/new')
  return (
    <>
      <MadeFor viewer={viewer} />
      <ApplyForm userId={viewer.id} demo={demoPeople().length > 0} />
    </>
  )
}
