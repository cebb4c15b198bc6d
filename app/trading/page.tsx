import type { Metadata } from 'next'
import { destinationAt } from '#components/shell/destinations.ts'
import { NotBuilt } from '#components/shell/not-built.tsx'

export const metadata: Metadata = { title: 'Trading' }

/** Not built yet, and says so. */
export default function Trading() {
  return (
    <NotBuilt place={destinationAt('/trading')}>
      This will be a trading desk: hundreds of prices a second over one WebSocket, where the latest wins, and
      orders the other way, where none may be lost.
    </NotBuilt>
  )
}
