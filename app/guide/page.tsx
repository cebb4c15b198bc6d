import type { Metadata } from 'next'
import { destinationAt } from '#components/shell/destinations.ts'
import { NotBuilt } from '#components/shell/not-built.tsx'

export const metadata: Metadata = { title: 'Guide' }

/** Not built yet, and says so. */
export default function Guide() {
  return (
    <NotBuilt place={destinationAt('/guide')}>
      This will turn ten answers about your requirements, and the figures of your own lab run, into a
      recommendation with its reasons.
    </NotBuilt>
  )
}
