import type { Metadata } from 'next'
import { LoanList } from '#components/loans/loan-list.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { loansOf } from '#server/pages.ts'
import { signedIn } from './signed-in.ts'

export const metadata: Metadata = { title: 'Loans' }

export default async function LoansPage() {
  const viewer = await signedIn('/loans')
  return (
    <>
      <RenderedFor viewer={viewer} />
      <LoanList initial={await loansOf(viewer)} viewer={viewer} />
    </>
  )
}
