'use client'
import { useEffect, useEffectEvent, useMemo } from 'react'
import type { SocketLine } from '#components/live/socket-line.ts'
import { useOutbox } from '#components/live/use-outbox.ts'
import type { WireMessage } from '#server/protocol/chat.ts'

/** What the reader writes in a room, on its way. `onArrived` gets each message as the server has it. */
export function useSending(
  line: SocketLine,
  userId: string,
  room: { id: string; messages: readonly WireMessage[] },
  onArrived: (message: WireMessage) => void,
) {
  const { outbox, pending } = useOutbox(line, userId, room.id)
  const arrived = useEffectEvent(onArrived)
  useEffect(
    () => outbox?.onArrived((roomId, message) => roomId === room.id && arrived(message)),
    [outbox, room.id],
  )
  // The room may tell of a message before its acknowledgement does.
  const outgoing = useMemo(() => {
    if (pending.length === 0) return pending
    const here = new Set(room.messages.flatMap((one) => (one.authorId === userId ? [one.clientId] : [])))
    return pending.filter(({ clientId }) => !here.has(clientId))
  }, [pending, room.messages, userId])

  return {
    outgoing,
    send: (body: string, replyTo?: number) =>
      outbox?.add(room.id, { body, ...(replyTo !== undefined && { replyTo }) }),
    sendAgain: (clientId: string) => outbox?.retry(clientId),
    drop: (clientId: string) => outbox?.discard(clientId),
  }
}
