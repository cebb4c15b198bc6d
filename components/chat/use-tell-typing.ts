'use client'
import { useEffect, useMemo } from 'react'
import type { SocketLine } from '#components/live/socket-line.ts'
import { useLine } from '#components/live/use-line.tsx'

/** How often it is said again while one goes on; the server believes each word a little longer. */
const againMs = 3_000

/** Tells the room that the reader types. Lost words do no harm, so nothing waits for an answer. */
export function useTellTyping(roomId: string) {
  const line = useLine()
  const typing = useMemo(() => tellTyping(line, roomId), [line, roomId])
  useEffect(() => typing.stop, [typing])
  return typing
}

function tellTyping(line: SocketLine, roomId: string) {
  let toldAtMs: number | undefined
  return {
    go() {
      const nowMs = Date.now()
      if (line.view().state !== 'live' || (toldAtMs !== undefined && nowMs - toldAtMs < againMs)) return
      toldAtMs = nowMs
      void line.send('chat:typing', { roomId })
    },
    stop() {
      if (toldAtMs === undefined) return
      toldAtMs = undefined
      if (line.view().state === 'live') void line.send('chat:typing', { roomId, typing: false })
    },
    /** What is sent says by itself that one types no more. */
    sent() {
      toldAtMs = undefined
    },
  }
}
