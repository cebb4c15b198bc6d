import type { Metadata } from 'next'
import { LabPage } from '#components/lab/lab-page.tsx'
import { presets } from '#server/protocol/lab-presets.ts'

export const metadata: Metadata = { title: 'Lab' }

/** The lab. It loads stored runs in the browser, because they change while the page is open. */
export default function Lab() {
  const usual = presets.find(({ name }) => name === 'chat')
  if (!usual) throw new Error('This preset doesn’t exist')
  return <LabPage usual={usual.scenario} />
}
