import type { Metadata } from 'next'
import { NotFoundBlock } from '#components/shell/not-found-block.tsx'

export const metadata: Metadata = { title: 'Not found' }

/** One response for what does not exist and for what the reader may not see. */
export default function NotFound() {
  return (
    <div className="page-x pt-12 pb-16">
      <NotFoundBlock level={1} />
    </div>
  )
}
