'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { tabStorage } from './browser-features.ts'
import { browserClock } from './clock.ts'
import { createOutbox, type Outbox, type OutboxItem, type OutboxOptions } from './outbox.ts'
import type { SharedSocket } from './shared-socket.ts'

const none: readonly OutboxItem[] = []
const outboxes = new WeakMap<SharedSocket, Map<string, Outbox>>()

/** The outbox of this tab for a user, and what of it is for one room. It goes on while other pages stand. */
export function useOutbox(line: SharedSocket, userId: string, roomId: string) {
  const [outbox, setOutbox] = useState<Outbox>()
  // Not in the first render: the server knows nothing of what this tab has kept.
  useEffect(() => setOutbox(outboxOf(line, userId)), [line, userId])
  const pending = useSyncExternalStore(
    outbox?.watch ?? watchNothing,
    () => outbox?.pending(roomId) ?? none,
    () => none,
  )
  return { outbox, pending }
}

function outboxOf(line: SharedSocket, userId: string): Outbox {
  const known = outboxes.get(line) ?? new Map<string, Outbox>()
  outboxes.set(line, known)
  const key = `outbox:${userId}`
  // What is not yet sent is worth keeping even if the newest cannot be kept with it.
  const storage = { ...tabStorage, setItem: tabStorage.trySetItem }
  const found = known.get(key) ?? socketOutbox(line, { storage, key, clock: browserClock })
  known.set(key, found)
  return found
}

function watchNothing() {
  return () => undefined
}

/** An outbox that sends over the line, and holds it as long as there is something to send, whatever page stands. */
export function socketOutbox(
  line: SharedSocket,
  options: Pick<OutboxOptions, 'storage' | 'key' | 'clock'>,
): Outbox {
  const outbox = createOutbox({
    ...options,
    send: (roomId, draft) => line.send('chat:send', { roomId, ...draft }),
    isUp: () => isUp(line),
  })
  let wasUp = isUp(line)
  let letGo: (() => void) | undefined
  const hold = () => {
    if (!outbox.isEmpty) letGo ??= line.hold()
    else {
      letGo?.()
      letGo = undefined
    }
  }
  outbox.watch(hold)
  line.watch(() => {
    const up = isUp(line)
    if (up && !wasUp) outbox.go()
    wasUp = up
  })
  hold()
  outbox.go()
  return outbox
}

function isUp(line: SharedSocket): boolean {
  const { state } = line.view()
  return state === 'live' || state === 'catching-up' || state === 'fallback'
}
