import type { Metadata } from 'next'
import { destinationAt } from '#components/shell/destinations.ts'
import { NotBuilt } from '#components/shell/not-built.tsx'

export const metadata: Metadata = { title: 'Chat' }

/** Not built yet, and says so. */
export default function Chat() {
  return (
    <NotBuilt place={destinationAt('/chat')}>
      This will be rooms in which both sides speak over one WebSocket, and a message counts only once the
      server has acknowledged its commit.
    </NotBuilt>
  )
}
