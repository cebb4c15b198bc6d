'use client'
import type { ReactNode } from 'react'
import { SocketProvider } from '#components/live/use-socket.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { pagePackets } from './page-packets.ts'

/** This tab's socket, with all its traffic recorded, including the fallback over HTTP. */
export function RecordedLine({ children }: { children: ReactNode }) {
  return (
    <SocketProvider fetch={pageRecorder.fetch} onPacket={pagePackets.hear}>
      {children}
    </SocketProvider>
  )
}
