import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Backplane } from '#server/backplane/backplane.ts'
import { packetOf } from '#server/deliver/encode/packet.ts'
import type { ServerEvents } from '#server/protocol/socket.ts'
import type { Connections } from './connections.ts'
import { parseMessage } from './parse-message.ts'
import type { SocketSession } from './socket-session.ts'

/** Events for all sockets of a user, on whichever node they are. */
export type UserEvents = {
  /** The user has opened a socket on this node, or closed one. */
  opened(userId: string): void
  closed(userId: string): void
  read(userId: string, read: Read): void
  close(): void
}

type Read = ServerEvents['read']
const readSchema = z.object({
  roomId: z.string().max(64),
  readUpTo: z.int().min(0),
  unread: z.int().min(0),
  cursor: z.string().max(64),
}) satisfies z.ZodType<Read>

const channelOf = (userId: string) => `read:${userId}`

/**
 * What was published while the backplane was unavailable is published again when it is back, and once more 2 s later
 * when the other nodes are too.
 */
const rememberedReads = 10_000
const rememberedMs = 60_000
const sayAgainMs = 2_000

/** CH10: sends a read position that a user moves on one node to all their sockets. An older one changes nothing. */
export function createUserEvents(
  sockets: Pick<Connections<SocketSession>, 'heldBy'>,
  backplane: Pick<Backplane, 'publish' | 'subscribe' | 'onReconnect'>,
  nowMs: () => number = () => performance.now(),
): UserEvents {
  const open = new Map<string, { count: number; unsubscribe: Promise<() => void> }>()
  const reads = new LRUCache<string, { userId: string; read: Read }>({
    max: rememberedReads,
    ttl: rememberedMs,
    ttlResolution: 0,
    perf: { now: nowMs },
  })
  let timer: NodeJS.Timeout | undefined
  backplane.onReconnect(() => {
    clearTimeout(timer)
    sayAgain()
    timer = setTimeout(sayAgain, sayAgainMs).unref()
  })

  function send(userId: string, read: Read) {
    const packet = packetOf('read', read)
    for (const { open: socket } of sockets.heldBy(userId)) socket?.write(packet)
  }

  function receive(userId: string, text: string) {
    const read = parseMessage(readSchema, text)
    if (read) send(userId, read)
  }

  function sayAgain() {
    for (const { userId, read } of reads.values()) publish(userId, read)
  }

  function publish(userId: string, read: Read) {
    backplane.publish(channelOf(userId), JSON.stringify(read))
  }

  return {
    opened(userId) {
      const held = open.get(userId)
      if (held) held.count += 1
      else {
        const unsubscribe = backplane.subscribe(channelOf(userId), (text) => receive(userId, text))
        open.set(userId, { count: 1, unsubscribe })
      }
    },
    closed(userId) {
      const held = open.get(userId)
      if (!held) return
      held.count -= 1
      if (held.count > 0) return
      open.delete(userId)
      void held.unsubscribe.then((end) => end())
    },
    read(userId, read) {
      send(userId, read)
      reads.set(`${userId} ${read.roomId}`, { userId, read })
      publish(userId, read)
    },
    close: () => clearTimeout(timer),
  }
}
