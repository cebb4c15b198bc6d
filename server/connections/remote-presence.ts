import { randomUUID } from 'node:crypto'
import type { Backplane } from '#server/backplane/backplane.ts'
import { parseMessage } from './parse-message.ts'
import {
  beatChannel,
  nodeSchema,
  type People,
  type PresenceMessage,
  presenceChannel,
  presenceSchema,
  type Typing,
} from './presence-messages.ts'

/** What the other nodes are told about this one, and what is called when theirs change. */
type Local = {
  peopleIn(roomId: string): People
  /** The people of other nodes have changed. */
  onChange(roomId: string): void
  onTyping(roomId: string, typing: Typing): void
}

export type RemotePresence = {
  /** The room is open on this node from now on: requests the others' people once. */
  open(roomId: string): void
  /** The last person on this node has left the room. */
  close(roomId: string): void
  /** Publishes this node's people if they have changed. */
  update(roomId: string): void
  typing(roomId: string, typing: Typing): void
  /** The people of each other node. */
  peopleIn(roomId: string): Iterable<People>
  stop(): void
}

/** How often a node announces that it is alive, and who is in each of its rooms. */
const beatMs = 2_000
/** After this long without a message, a node, or its part of a room, is considered gone. */
const silentMs = 4_000
const tickMs = 100
/** Further nodes are ignored: anyone who can reach the backplane's engine can make them up. */
const mostNodes = 256

type Room = {
  remote: Map<string, { people: People; heardAt: number }>
  /** What was last published, and when. */
  told: string
  toldAt: number
  unsubscribe: Promise<() => void>
}

/**
 * WS7: who has a room open on other nodes. Nothing is stored: each node publishes who is in its rooms at every change
 * and every 2 s, and a report that is not repeated within 4 s expires by the receiver's own clock. A node that knows of
 * no other publishes only that it is alive.
 */
export function createRemotePresence(
  backplane: Pick<Backplane, 'publish' | 'subscribe' | 'onReconnect'>,
  local: Local,
  { nodeId = randomUUID() as string, nowMs = () => performance.now() } = {},
): RemotePresence {
  const rooms = new Map<string, Room>()
  const nodes = new Map<string, number>()
  let beatAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const unsubscribe = backplane.subscribe(beatChannel, (id) => {
    if (nodeSchema.safeParse(id).success) heard(id)
  })
  backplane.onReconnect(() => {
    for (const roomId of rooms.keys()) tell(roomId, { asks: true })
  })

  /** A node that is new here has not received our people yet. Returns false for one that is ignored. */
  function heard(id: string): boolean {
    if (rooms.size === 0 || (!nodes.has(id) && nodes.size >= mostNodes)) return false
    if (!nodes.has(id)) for (const room of rooms.values()) room.toldAt = Number.NEGATIVE_INFINITY
    nodes.set(id, nowMs())
    return true
  }

  function receive(roomId: string, text: string) {
    const message = parseMessage(presenceSchema, text)
    const room = rooms.get(roomId)
    if (!message || !room || !heard(message.node)) return
    if (message.type === 'typing') return local.onTyping(roomId, message.typing)
    const { named, count, asks } = message
    const before = room.remote.get(message.node)?.people
    if (count === 0) room.remote.delete(message.node)
    else room.remote.set(message.node, { people: { named, count }, heardAt: nowMs() })
    if (asks) tell(roomId)
    if (count !== (before?.count ?? 0) || named.join() !== (before?.named ?? []).join())
      local.onChange(roomId)
  }

  function tell(roomId: string, { asks = false } = {}) {
    const room = rooms.get(roomId)
    if (!room) return
    const people = local.peopleIn(roomId)
    room.told = JSON.stringify(people)
    room.toldAt = nowMs()
    publish(roomId, { type: 'here', node: nodeId, ...people, ...(asks && { asks }) })
  }

  function publish(roomId: string, message: PresenceMessage) {
    backplane.publish(presenceChannel(roomId), JSON.stringify(message))
  }

  function tick() {
    const now = nowMs()
    if (now - beatAt >= beatMs) {
      beatAt = now
      backplane.publish(beatChannel, nodeId)
    }
    for (const [id, heardAt] of nodes) if (now - heardAt > silentMs) nodes.delete(id)
    for (const [roomId, room] of rooms) {
      const size = room.remote.size
      for (const [id, { heardAt }] of room.remote) if (now - heardAt > silentMs) room.remote.delete(id)
      if (room.remote.size < size) local.onChange(roomId)
      if (nodes.size > 0 && now - room.toldAt >= beatMs) tell(roomId)
    }
  }

  return {
    open(roomId) {
      const unsubscribe = backplane.subscribe(presenceChannel(roomId), (text) => receive(roomId, text))
      const room: Room = { remote: new Map(), told: '', toldAt: Number.NEGATIVE_INFINITY, unsubscribe }
      rooms.set(roomId, room)
      timer ??= setInterval(tick, tickMs).unref()
      void unsubscribe.then(() => {
        if (rooms.get(roomId) === room) tell(roomId, { asks: true })
      })
    },
    close(roomId) {
      const room = rooms.get(roomId)
      if (!room) return
      rooms.delete(roomId)
      void room.unsubscribe.then((end) => end())
      if (nodes.size > 0) publish(roomId, { type: 'here', node: nodeId, named: [], count: 0 })
      if (rooms.size > 0) return
      clearInterval(timer)
      timer = undefined
      nodes.clear()
    },
    update(roomId) {
      const room = rooms.get(roomId)
      if (!room || nodes.size === 0 || room.told === JSON.stringify(local.peopleIn(roomId))) return
      tell(roomId)
    },
    typing(roomId, typing) {
      if (nodes.size > 0) publish(roomId, { type: 'typing', node: nodeId, typing })
    },
    *peopleIn(roomId) {
      for (const { people } of rooms.get(roomId)?.remote.values() ?? []) yield people
    },
    stop() {
      for (const roomId of [...rooms.keys()]) this.close(roomId)
      void unsubscribe.then((end) => end())
    },
  }
}
