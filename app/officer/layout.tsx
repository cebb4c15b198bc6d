import type { ReactNode } from 'react'
import { SourceTab } from '#components/source/source-tab.tsx'
import { WireFrame } from '#components/wire/wire-frame.tsx'

/** The desk polls too, so it has the wire drawer beside it. */
export default function OfficerLayout({ children }: { children: ReactNode }) {
  return <WireFrame source={<SourceTab />}>{children}</WireFrame>
}
