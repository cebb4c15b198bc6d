import type { WireMessage } from '#server/protocol/chat.ts'
import type { MessageDraft } from '#server/protocol/chat-schemas.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { fullJitterMs } from '#server/protocol/reconnect.ts'
import { clientIdPattern } from '#server/protocol/text.ts'
import type { Clock } from './clock.ts'
import { subscribe } from './listeners.ts'
import { newKey, type Sent } from './send-json.ts'

export type OutboxOptions = {
  /** One attempt; repeating it with the same `clientId` creates the message once. */
  send(roomId: string, draft: MessageDraft): Promise<Sent<{ message: WireMessage }>>
  /** Whether there is a connection to send over. */
  isUp(): boolean
  /** The browser's storage, and the key in it, one per user. */
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  key: string
  clock: Clock
  random?: () => number
}

/** Messages that this tab has written and not yet seen acknowledged. */
export type Outbox = {
  /** Returns the message's `clientId`. */
  add(roomId: string, draft: Omit<MessageDraft, 'clientId'>): string
  /** Oldest first; the same array until something changes. */
  pending(roomId: string): readonly OutboxItem[]
  /** Sends at once a message that failed or got no response. */
  retry(clientId: string): void
  /** Drops it; if it was already sent, it may have arrived anyway. */
  discard(clientId: string): void
  watch(changed: () => void): () => void
  /** Called with each message when it is acknowledged, just before it leaves the outbox. */
  onArrived(listener: (roomId: string, message: WireMessage) => void): () => void
  /** The connection came up or went down; if it is up, waiting messages are sent. */
  go(): void
  readonly isEmpty: boolean
}

/**
 * Sends each room's messages one at a time, in the order they were written, and retries each until there is a response;
 * after a refusal the next one is sent. The contents survive a reload of the tab.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { clock, storage, key, isUp, random = Math.random } = options
  const watchers = new Set<() => void>()
  const arrivals = new Set<(roomId: string, message: WireMessage) => void>()
  const lanes = new Map<string, { rest: AbortController }>()
  let items: readonly OutboxItem[] = storedItems(storage.getItem(key))
  let byRoom = new Map<string, readonly OutboxItem[]>()

  const next = (roomId: string) => items.find((item) => item.roomId === roomId && item.state !== 'failed')
  const change = (to: readonly OutboxItem[]) => {
    items = to
    byRoom = new Map()
    keep()
    for (const changed of watchers) changed()
  }
  const put = (clientId: string, to: Pick<OutboxItem, 'state' | 'problem'>) =>
    change(items.map((item) => (item.clientId === clientId ? { ...item, problem: undefined, ...to } : item)))

  return {
    add(roomId, draft) {
      const clientId = newKey()
      change([...items, { ...draft, clientId, roomId, state: 'waiting', atMs: clock.now() }])
      void work(roomId)
      return clientId
    },
    pending(roomId) {
      const known = byRoom.get(roomId)
      if (known) return known
      const found = items.filter((item) => item.roomId === roomId)
      byRoom.set(roomId, found)
      return found
    },
    retry(clientId) {
      const item = items.find((one) => one.clientId === clientId)
      if (!item) return
      if (item.state === 'failed') put(clientId, { state: 'waiting' })
      lanes.get(item.roomId)?.rest.abort()
      void work(item.roomId)
    },
    discard(clientId) {
      change(items.filter((item) => item.clientId !== clientId))
    },
    watch: (changed) => subscribe(watchers, changed),
    onArrived: (listener) => subscribe(arrivals, listener),
    go() {
      for (const { rest } of lanes.values()) rest.abort()
      for (const roomId of new Set(items.map((item) => item.roomId))) void work(roomId)
    },
    get isEmpty() {
      return items.every(({ state }) => state === 'failed')
    },
  }

  /** Sends a room's items one after another while the connection is up. */
  async function work(roomId: string) {
    if (lanes.has(roomId)) return
    const lane = { rest: new AbortController() }
    lanes.set(roomId, lane)
    let tries = 0
    for (let item = next(roomId); item && isUp(); item = next(roomId)) {
      const pauseMs = await attempt(item, tries)
      tries = pauseMs === undefined ? 0 : tries + 1
      if (pauseMs === undefined) continue
      lane.rest = new AbortController()
      await clock.sleep(pauseMs, lane.rest.signal)
    }
    lanes.delete(roomId)
  }

  /** One attempt; returns the pause in ms before retrying the same message, or undefined when it is done. */
  async function attempt(item: OutboxItem, tries: number): Promise<number | undefined> {
    const { roomId, clientId, body, replyTo } = item
    if (item.state === 'waiting') put(clientId, { state: 'sending' })
    const sent = await options.send(roomId, { clientId, body, ...(replyTo !== undefined && { replyTo }) })
    const restMs = fullJitterMs(tries + 1, random)
    switch (sent.state) {
      case 'done':
        for (const arrived of arrivals) arrived(roomId, sent.value.message)
        change(items.filter((one) => one.clientId !== clientId))
        return undefined
      case 'unanswered':
        if (sent.problem) return waitFor(clientId, sent.problem, restMs)
        // Not sent while disconnected: it waits like the others.
        put(clientId, { state: isUp() ? 'unanswered' : 'waiting' })
        return restMs
      case 'refused':
        if (!passes(sent.problem)) {
          put(clientId, { state: 'failed', problem: sent.problem })
          return undefined
        }
        return waitFor(clientId, sent.problem, restMs)
    }
  }

  function waitFor(clientId: string, problem: Problem, restMs: number): number {
    put(clientId, { state: 'waiting', problem })
    return (problem.retryAfterMs ?? 0) + restMs
  }

  function keep() {
    try {
      if (items.length === 0) storage.removeItem(key)
      else storage.setItem(key, storedText(items))
    } catch {
      // Storage is full or denied: unsent messages live as long as the tab.
    }
  }
}

/** Whether a retry may succeed: rate limited, a backing service unavailable, or the writer signed out. */
function passes({ status, viewer }: Problem): boolean {
  return viewer !== undefined || status === 408 || status === 429 || status === 401 || status >= 500
}

/**
 * A message written here and not known to have arrived. `waiting`: for the connection, or for earlier messages;
 * `unanswered`: sent without a response, so it is sent again; `failed`: refused for good.
 */
export type OutboxItem = MessageDraft & {
  roomId: string
  state: 'waiting' | 'sending' | 'unanswered' | 'failed'
  problem?: Problem
  /** When it was written, in epoch ms. */
  atMs: number
}

/** The items as text for the browser's storage. */
function storedText(items: readonly OutboxItem[]): string {
  return JSON.stringify(items)
}

/**
 * The stored items, ready to be sent again; none if the text cannot be parsed, because an older version of the page may
 * have written it.
 */
function storedItems(text: string | null): OutboxItem[] {
  const items = parsed(text)
  if (!Array.isArray(items)) return []
  return items.filter(isItem).map((item) => (item.state === 'failed' ? item : { ...item, state: 'waiting' }))
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '[]')
  } catch {
    // Foreign or truncated text.
    return []
  }
}

function isItem(value: unknown): value is OutboxItem {
  if (typeof value !== 'object' || value === null) return false
  const { clientId, roomId, body, atMs } = value as Record<string, unknown>
  return (
    typeof clientId === 'string' &&
    clientIdPattern.test(clientId) &&
    typeof roomId === 'string' &&
    typeof body === 'string' &&
    typeof atMs === 'number'
  )
}
