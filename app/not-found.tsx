import type { Metadata } from 'next'
import { NotFoundBlock } from '#components/shell/not-found-block.tsx'

export const metadata: Metadata = { title: 'Not found' }

/** What does not exist, and what is not the reader's to see: one answer for both. */
export default function NotFound() {
  return (
    <div className="page-x pt-12 pb-16">
      <NotFoundBlock level={1} />
    </div>
  )
}
