'use client'

import { useEffect, useState } from 'react'
import { useSocket } from '#components/live/use-socket.tsx'
import { type Presence, presenceAfter, stillTyping, type Typists, typistsAfter } from './presence.ts'

const nobody: Typists = new Map()

/** Who else has the room open, and which of them are typing; as reported over the socket, while it is connected. */
export function useCompany(roomId: string, readerId: string, standing: boolean) {
  const line = useSocket()
  const [presence, setPresence] = useState<Presence>()
  const [typists, setTypists] = useState(nobody)

  useEffect(() => {
    const leave = [
      line.on('presence', (event) => {
        if (event.roomId !== roomId) return
        setPresence((before) => presenceAfter(before, event.here, Date.now(), event.count))
      }),
      line.on('typing', (event) => {
        if (event.roomId !== roomId) return
        setTypists((before) => typistsAfter(before, event.userId, event.forMs, Date.now()))
      }),
    ]
    return () => {
      for (const stop of leave) stop()
    }
  }, [line, roomId])

  useEffect(() => {
    if (typists.size === 0) return
    const nowMs = Date.now()
    const next = Math.min(...typists.values())
    const timer = setTimeout(
      () => setTypists((before) => new Map([...before].filter(([, untilMs]) => untilMs > Date.now()))),
      Math.max(0, next - nowMs) + 1,
    )
    return () => clearTimeout(timer)
  }, [typists])

  return {
    presence: standing ? presence : undefined,
    typing: standing ? stillTyping(typists, readerId, Date.now()) : [],
    /** Receiving somebody's message ends their typing indicator. */
    hasWritten: (userId: string) =>
      setTypists((before) => (before.has(userId) ? typistsAfter(before, userId, 0, Date.now()) : before)),
  }
}
