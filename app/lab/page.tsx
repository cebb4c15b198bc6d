import type { Metadata } from 'next'
import { destinationAt } from '#components/shell/destinations.ts'
import { NotBuilt } from '#components/shell/not-built.tsx'

export const metadata: Metadata = { title: 'Lab' }

/** Not built yet, and says so. */
export default function Lab() {
  return (
    <NotBuilt place={destinationAt('/lab')}>
      This will send one stream of events down all four wires at once, and count what each costs, how late it
      is and what it loses when the line is cut.
    </NotBuilt>
  )
}
