'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { closeToastsTo, showToast } from '#components/ui/toast-store.ts'
import type { WireRoom } from '#server/protocol/chat.ts'
import { failureReason, failureTitle, joinRoom, leaveRoom } from './room-requests.ts'
import { useRoomsLedger } from './use-rooms.ts'

/** Joins or leaves a room, and navigates accordingly. */
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
      closeToastsTo(`/chat/${id}`)
      await refresh()
      if (place) router.push(place)
      // The room may be the one that is open, rendered for a reader who was not yet a member.
      router.refresh()
    }
    setBusy(false)
  }
  return {
    busy,
    join: () => void go(joinRoom, `Couldn’t join ${name}.`, `/chat/${id}`),
    /** Declines an invitation. */
    leave: () => void go(leaveRoom, `Couldn’t leave ${name}.`, undefined),
    /** Leaves the open room. */
    leaveOpen: () => void go(leaveRoom, `Couldn’t leave ${name}.`, '/chat'),
  }
}
