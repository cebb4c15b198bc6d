import type { Metadata } from 'next'
import { destinationAt } from '#components/shell/destinations.ts'
import { NotBuilt } from '#components/shell/not-built.tsx'

export const metadata: Metadata = { title: 'Feed' }

/** Not built yet, and says so. */
export default function Feed() {
  return (
    <NotBuilt place={destinationAt('/feed')}>
      This will be a feed of posts, likes and comments, with a bell that is told of each over Server-Sent
      Events and catches up by the last id after a cut.
    </NotBuilt>
  )
}
