'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { browserStorage } from '#components/live/browser-features.ts'
import { RoomSkeleton } from './room-states.tsx'

/** Opens the room of `mine` that was open last in this browser, else the first, where there is space beside the list. */
export function LastRoom({ readerId, mine }: { readerId: string; mine: readonly [string, ...string[]] }) {
  const router = useRouter()
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!place.current) return
    const kept = browserStorage.getItem(lastRoomKey(readerId))
    const id = mine.find((one) => one === kept) ?? mine[0]
    // A narrow page shows the list alone, until it is made wider.
    const space = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) router.replace(`/chat/${id}`)
    })
    space.observe(place.current)
    return () => space.disconnect()
  }, [router, readerId, mine])
  return (
    <div ref={place} className="flex min-w-0 flex-1">
      <RoomSkeleton />
    </div>
  )
}

/** Remembers in this browser which room the reader has open. */
export function keepLastRoom(readerId: string, roomId: string) {
  browserStorage.setItem(lastRoomKey(readerId), roomId)
}

function lastRoomKey(readerId: string): string {
  return `last-room:${readerId}`
}
