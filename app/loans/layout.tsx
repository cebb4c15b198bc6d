import type { ReactNode } from 'react'
import { SourceTab } from '#components/source/source-tab.tsx'
import { WireFrame } from '#components/wire/wire-frame.tsx'

/** Every loan page has the wire drawer beside it. */
export default function LoansLayout({ children }: { children: ReactNode }) {
  return <WireFrame source={<SourceTab />}>{children}</WireFrame>
}
