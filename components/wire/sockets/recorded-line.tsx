'use client'
import type { ReactNode } from 'react'
import { SocketProvider } from '#components/live/use-socket.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { pagePackets } from './page-packets.ts'

/** The line of this tab, with all that it has on the wire recorded, over the socket and in the fallback over HTTP. */
export function RecordedLine({ children }: { children: ReactNode }) {
  return (
    <SocketProvider fetch={pageRecorder.fetch} onPacket={pagePackets.hear}>
      {children}
    </SocketProvider>
  )
}
