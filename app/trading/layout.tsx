import './trading.css'
import type { ReactNode } from 'react'
import { SourceTab } from '#components/source/source-tab.tsx'
import { WireFrame } from '#components/wire/wire-frame.tsx'

/** The trading desk has the wire drawer beside it. */
export default function TradingLayout({ children }: { children: ReactNode }) {
  return (
    <WireFrame lane="ws" source={<SourceTab lane="ws" />}>
      {children}
    </WireFrame>
  )
}
