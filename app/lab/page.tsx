import type { Metadata } from 'next'
import { LabPage } from '#components/lab/lab-page.tsx'
import { presets } from '#server/protocol/lab-presets.ts'

export const metadata: Metadata = { title: 'Lab' }

/** The lab, while it runs; it asks for what is stored itself, for the runs change while it stands. */
export default function Lab() {
  const usual = presets.find(({ name }) => name === 'chat')
  if (!usual) throw new Error('This preset doesn’t exist')
  return <LabPage usual={usual.scenario} />
}
