'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { tabStorage } from './browser-features.ts'
import { browserClock } from './clock.ts'
import { createOutbox, type Outbox, type OutboxItem, type OutboxOptions } from './outbox.ts'
import type { SharedSocket } from './shared-socket.ts'

const none: readonly OutboxItem[] = []
const outboxes = new WeakMap<SharedSocket, Map<string, Outbox>>()

/** This tab's outbox for a user, and its items for one room. It keeps sending while other pages are shown. */
export function useOutbox(socket: SharedSocket, userId: string, roomId: string) {
  const [outbox, setOutbox] = useState<Outbox>()
  // Not in the first render: the server does not know what this tab has stored.
  useEffect(() => setOutbox(outboxOf(socket, userId)), [socket, userId])
  const pending = useSyncExternalStore(
    outbox?.watch ?? watchNothing,
    () => outbox?.pending(roomId) ?? none,
    () => none,
  )
  return { outbox, pending }
}

function outboxOf(socket: SharedSocket, userId: string): Outbox {
  const known = outboxes.get(socket) ?? new Map<string, Outbox>()
  outboxes.set(socket, known)
  const key = `outbox:${userId}`
  // Older unsent messages are worth keeping even if the newest cannot be stored with them.
  const storage = { ...tabStorage, setItem: tabStorage.trySetItem }
  const found = known.get(key) ?? socketOutbox(socket, { storage, key, clock: browserClock })
  known.set(key, found)
  return found
}

function watchNothing() {
  return () => undefined
}

/** An outbox that sends over the socket, and keeps it open while there is something to send, whatever page is shown. */
export function socketOutbox(
  socket: SharedSocket,
  options: Pick<OutboxOptions, 'storage' | 'key' | 'clock'>,
): Outbox {
  const outbox = createOutbox({
    ...options,
    send: (roomId, draft) => socket.send('chat:send', { roomId, ...draft }),
    isUp: () => isUp(socket),
  })
  let wasUp = isUp(socket)
  let letGo: (() => void) | undefined
  const hold = () => {
    if (!outbox.isEmpty) letGo ??= socket.hold()
    else {
      letGo?.()
      letGo = undefined
    }
  }
  outbox.watch(hold)
  socket.watch(() => {
    const up = isUp(socket)
    if (up && !wasUp) outbox.go()
    wasUp = up
  })
  hold()
  outbox.go()
  return outbox
}

function isUp(socket: SharedSocket): boolean {
  const { state } = socket.view()
  return state === 'live' || state === 'catching-up' || state === 'fallback'
}
