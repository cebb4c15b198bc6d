import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LoanPage } from '#components/loans/loan-page.tsx'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { demoPeople, loanFor } from '#server/pages.ts'
import { signedIn } from '../signed-in.ts'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Loan ${(await params).id}` }
}

export default async function OneLoanPage({ params }: Props) {
  const { id } = await params
  const viewer = await signedIn(`/loans/${id}`)
  const loan = await loanFor(viewer, id)
  if (!loan) notFound()
  return (
    <>
      <RenderedFor viewer={viewer} />
      <LoanPage key={loan.id} initial={loan} viewer={viewer} demo={demoPeople().length > 0} />
    </>
  )
}
