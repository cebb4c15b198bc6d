import type { Metadata } from 'next'
import { RunPage } from '#components/lab/runs/run-page.tsx'
import './print.css'

type Props = { params: Promise<{ id: string }> }

export const metadata: Metadata = { title: 'Run' }

/** One run of the lab, for everybody who has its link. */
export default async function Run({ params }: Props) {
  const { id } = await params
  return <RunPage key={id} id={id} />
}
