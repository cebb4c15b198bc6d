import type { ReactNode } from 'react'
import { SourceTab } from '#components/source/source-tab.tsx'
import { WireFrame } from '#components/wire/wire-frame.tsx'

/** Every page of the feed has the wire drawer beside it. */
export default function FeedLayout({ children }: { children: ReactNode }) {
  return (
    <WireFrame lane="sse" source={<SourceTab lane="sse" />}>
      {children}
    </WireFrame>
  )
}
