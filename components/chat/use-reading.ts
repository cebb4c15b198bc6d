'use client'
import { useEffect, useRef, useState } from 'react'
import { useLine } from '#components/live/use-line.tsx'
import type { WireRoom } from '#server/protocol/chat.ts'
import type { NewSince } from './message-rows.ts'
import { useRoomsLedger } from './rooms-context.ts'
import { useAttentive } from './use-attentive.ts'

const settleMs = 300
const lingerMs = 5_000

type Sight = {
  /** The seq of the newest message. */
  newest: number
  /** It is in sight. */
  atLatest: boolean
  /** The line takes commands. */
  standing: boolean
}

/**
 * How far the reader has read: told to the server once the newest message has stood before their eyes, and shown as the
 * line over what is new since they left, which goes a while after it has been read.
 */
export function useReading(room: WireRoom, { newest, atLatest, standing }: Sight) {
  const line = useLine()
  const ledger = useRoomsLedger()
  const attentive = useAttentive()
  const [readUpTo, setReadUpTo] = useState(room.readUpTo)
  const [since, setSince] = useState<NewSince | undefined>(
    room.unread > 0 ? { seq: room.readUpTo, count: room.unread } : undefined,
  )
  const newestNow = useRef(newest)
  useEffect(() => {
    newestNow.current = newest
  })

  const unread = newest > readUpTo
  useEffect(() => {
    if (!attentive || !atLatest || !standing || !unread) return
    const timer = setTimeout(async () => {
      const sent = await line.send('chat:read', { roomId: room.id, upTo: newest })
      if (sent.state !== 'done') return
      setReadUpTo((before) => Math.max(before, sent.value.readUpTo))
      ledger.read(room.id, sent.value)
    }, settleMs)
    return () => clearTimeout(timer)
  }, [attentive, atLatest, standing, unread, newest, line, ledger, room.id])

  useEffect(() => {
    if (attentive) return
    // What comes from here on is new to a reader who looks elsewhere.
    setSince((before) => before ?? { seq: newestNow.current })
  }, [attentive])
  useEffect(() => {
    if (!attentive || unread || !since) return
    const timer = setTimeout(() => setSince(undefined), lingerMs)
    return () => clearTimeout(timer)
  }, [attentive, unread, since])

  return { since, clear: () => setSince(undefined) }
}
