'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { tabStorage } from './browser-features.ts'
import { browserClock } from './clock.ts'
import { lineOutbox } from './line-outbox.ts'
import type { Outbox } from './outbox.ts'
import type { OutboxItem } from './outbox-item.ts'
import type { SocketLine } from './socket-line.ts'

const none: readonly OutboxItem[] = []
const outboxes = new WeakMap<SocketLine, Map<string, Outbox>>()

/** The outbox of this tab for a user, and what of it is for one room. It goes on while other pages stand. */
export function useOutbox(line: SocketLine, userId: string, roomId: string) {
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

function outboxOf(line: SocketLine, userId: string): Outbox {
  const known = outboxes.get(line) ?? new Map<string, Outbox>()
  outboxes.set(line, known)
  const key = `outbox:${userId}`
  // What is not yet sent is worth keeping even if the newest cannot be kept with it.
  const storage = { ...tabStorage, setItem: tabStorage.trySetItem }
  const found = known.get(key) ?? lineOutbox(line, { storage, key, clock: browserClock })
  known.set(key, found)
  return found
}

function watchNothing() {
  return () => undefined
}
