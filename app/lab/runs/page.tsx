import type { Metadata } from 'next'
import { RunsPage } from '#components/lab/runs/runs-page.tsx'

export const metadata: Metadata = { title: 'Runs' }

/** The runs stored on this machine. */
export default function Runs() {
  return <RunsPage />
}
