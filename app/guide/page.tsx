import type { Metadata } from 'next'
import { Suspense } from 'react'
import { GuidePage } from '#components/guide/guide-page.tsx'

export const metadata: Metadata = { title: 'Guide' }

/** The guide. It knows nobody and reads nothing: what is answered stands in the address. */
export default function Guide() {
  return (
    <Suspense>
      <GuidePage />
    </Suspense>
  )
}
