'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { showToast } from '#components/ui/toast-store.ts'
import type { WireRoom } from '#server/protocol/chat.ts'
import { failureReason, failureTitle, joinRoom, leaveRoom } from './room-requests.ts'
import { useRoomsLedger } from './use-rooms.ts'

/** Goes into a room, or out of it, and to where one then is. */
export function useMembership({ id, name }: Pick<WireRoom, 'id' | 'name'>) {
  const [busy, setBusy] = useState(false)
  const { refresh } = useRoomsLedger()
  const router = useRouter()

  const go = async (order: typeof joinRoom | typeof leaveRoom, title: string, place: string | undefined) => {
    if (busy) return
    setBusy(true)
    const sent = await order(id)
    if (sent.state !== 'done')
      showToast({ title: failureTitle(sent, title), text: failureReason(sent), danger: true })
    else {
      await refresh()
      if (place) router.push(place)
      // The room that is open may be the very one, read by someone who was not in it yet.
      router.refresh()
    }
    setBusy(false)
  }
  return {
    busy,
    join: () => void go(joinRoom, `Couldn’t join ${name}.`, `/chat/${id}`),
    /** Declines an invitation. */
    leave: () => void go(leaveRoom, `Couldn’t leave ${name}.`, undefined),
    /** Leaves the room that is open. */
    leaveOpen: () => void go(leaveRoom, `Couldn’t leave ${name}.`, '/chat'),
  }
}
