'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { browserClock } from './clock.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import type { OutboxItem } from './outbox-item.ts'
import type { SocketLine } from './socket-line.ts'

const none: readonly OutboxItem[] = []
const outboxes = new WeakMap<SocketLine, Map<string, Outbox>>()

/** The outbox of this tab for a user, and what of it is for one room. It goes on while other pages stand. */
export function useOutbox(line: SocketLine, userId: string, roomId: string) {
  const [outbox, setOutbox] = useState<Outbox>()
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
  const found = known.get(userId) ?? lineOutbox(line, userId)
  known.set(userId, found)
  return found
}

/** Holds the line as long as there is something to send, whatever page stands. */
function lineOutbox(line: SocketLine, userId: string): Outbox {
  const outbox = createOutbox({
    send: (roomId, draft) => line.send('chat:send', { roomId, ...draft }),
    isUp: () => isUp(line),
    storage: window.sessionStorage,
    key: `outbox:${userId}`,
    clock: browserClock,
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

function isUp(line: SocketLine): boolean {
  const { state } = line.view()
  return state === 'live' || state === 'catching-up' || state === 'fallback'
}

function watchNothing() {
  return () => undefined
}
