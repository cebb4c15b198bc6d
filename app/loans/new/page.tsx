import type { Metadata } from 'next'
import { ApplyForm } from '#components/loans/apply-form.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { demoPeople } from '#server/pages.ts'
import { signedIn } from '../signed-in.ts'

export const metadata: Metadata = { title: 'Apply for a loan' }

export default async function NewLoanPage() {
  const viewer = await signedIn('/loans/new')
  return (
    <>
      <RenderedFor viewer={viewer} />
      <ApplyForm userId={viewer.id} demo={demoPeople().length > 0} />
    </>
  )
}
