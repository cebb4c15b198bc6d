import type { Metadata } from 'next'
import { demoPeople } from '#server/pages.ts'
import { signedIn } from '../signed-in.ts'
import { ApplyForm } from './apply-form.tsx'

export const metadata: Metadata = { title: 'Apply for a loan' }

export default async function NewLoanPage() {
  await signedIn('/loans/new')
  return <ApplyForm demo={demoPeople().length > 0} />
}
