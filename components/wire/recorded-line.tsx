'use client'
import type { ReactNode } from 'react'
import { LineProvider } from '#components/live/use-line.tsx'
import { pagePackets } from './page-packets.ts'
import { pageRecorder } from './page-recorder.ts'

/** The line of this tab, with all that it has on the wire recorded, over the socket and in the fallback over HTTP. */
export function RecordedLine({ children }: { children: ReactNode }) {
  return (
    <LineProvider fetch={pageRecorder.fetch} onPacket={pagePackets.hear}>
      {children}
    </LineProvider>
  )
}
