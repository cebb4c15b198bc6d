import type { Metadata } from 'next'
import { Suspense } from 'react'
import { GuidePage } from '#components/guide/guide-page.tsx'

export const metadata: Metadata = { title: 'Guide' }

/** The guide. It needs no session and no data: the answers are in the URL. */
export default function Guide() {
  return (
    <Suspense>
      <GuidePage />
    </Suspense>
  )
}
