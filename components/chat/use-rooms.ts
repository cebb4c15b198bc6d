'use client'

import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import type { SharedSocket } from '#components/live/shared-socket.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { useSocket, useSocketView } from '#components/live/use-socket.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireRoom, WireRoomList, WireRoomRead } from '#server/protocol/chat.ts'
import type { UserEntryData } from '#server/protocol/notifications.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { type CountedRoom, countedRooms, refreshed, roomsAfter, withMore, withRead } from './rooms-state.ts'

/** A connection may follow 100 streams; the open room and the bell are among them. */
const mostFollowed = 90

/** The reader's rooms, live: each one they are in is followed, for its counts. */
export function useRooms(
  initial: WireRoomList,
  readerId: string,
): { rooms: readonly WireRoom[]; ledger: RoomsLedger; more: MoreRooms } {
  const line = useSocket()
  const [rooms, setRooms] = useState<readonly CountedRoom[]>(() => countedRooms(initial.items))
  const [next, setNext] = useState(initial.nextBefore)
  const latest = useRef(rooms)
  useEffect(() => {
    latest.current = rooms
  })
  const more = useMoreRooms(next, ({ items, nextBefore }) => {
    setRooms((before) => withMore(before, items))
    setNext(nextBefore)
  })

  const ledger = useMemo<RoomsLedger>(
    () => ({
      read: (roomId, read) => setRooms((before) => withRead(before, roomId, read)),
      refresh: async () => {
        // Without a response the known list stands; the connection reports what went wrong.
        const read = await readRooms(latest.current.length)
        if (!read) return
        setRooms((before) => refreshed(before, read.items))
        setNext(read.nextBefore)
      },
    }),
    [],
  )
  const hear = useCallback(
    (roomId: string, entries: readonly WireEntry[]) =>
      setRooms((before) =>
        entries.reduce((known, entry) => roomsAfter(known, roomId, entry, readerId), before),
      ),
    [readerId],
  )

  useEffect(() => line.on('read', ({ roomId, ...read }) => ledger.read(roomId, read)), [line, ledger])
  useInvitations(ledger.refresh)
  useBellNews('rooms', () => void ledger.refresh())
  useFreshWhenSeen(ledger.refresh)
  useFreshWhenBack(line, ledger.refresh)
  useFollowed(
    rooms.flatMap(({ id, role }) => (role ? [id] : [])).slice(0, mostFollowed),
    latest,
    hear,
    ledger.refresh,
  )
  return { rooms, ledger, more }
}

/** Loads rooms not shown yet. */
export type MoreRooms = { left: boolean; loading: boolean; failed: boolean; show: () => Promise<void> }

function useMoreRooms(next: string | null, take: (page: WireRoomList) => void): MoreRooms {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')
  return {
    left: next !== null,
    loading: state === 'loading',
    failed: state === 'failed',
    async show() {
      if (next === null || state === 'loading') return
      setState('loading')
      const page = await readPage(next)
      setState(page ? 'idle' : 'failed')
      if (page) take(page)
    },
  }
}

/** The list from its start, as far as it is shown; undefined without a response. */
async function readRooms(atLeast: number): Promise<WireRoomList | undefined> {
  let read = await readPage()
  while (read && read.items.length < atLeast && read.nextBefore !== null) {
    const page = await readPage(read.nextBefore)
    read = page && { ...page, items: [...read.items, ...page.items] }
  }
  return read
}

async function readPage(before?: string): Promise<WireRoomList | undefined> {
  const wire = { fetch: pageRecorder.fetch, clock: browserClock }
  const url = before === undefined ? '/api/rooms' : `/api/rooms?before=${encodeURIComponent(before)}`
  const answer = await request<WireRoomList>({ url }, 0, wire, new AbortController().signal)
  return answer.type === 'changed' ? answer.value : undefined
}

/** The list rendered with the document is fresh; one from the router's cache is not. */
let documentIsFresh = true

/** New rooms by others are not announced, so the list is reloaded whenever the reader returns to the page. */
function useFreshWhenSeen(refresh: () => Promise<void>) {
  const attentive = useAttentive()
  useEffect(() => {
    if (!attentive) return
    if (!documentIsFresh) void refresh()
    documentIsFresh = false
  }, [attentive, refresh])
}

/** How often the list is reloaded while no `read` events arrive, in ms. */
const fallbackRefreshMs = 30_000

/** What another device read while disconnected or in the fallback is not delivered otherwise. */
function useFreshWhenBack(line: SharedSocket, refresh: () => Promise<void>) {
  const { state } = useSocketView(line)
  const wasDown = useRef(false)
  useEffect(() => {
    if (state === 'live' && wasDown.current) void refresh()
    wasDown.current = state !== 'live' && state !== 'catching-up' && (wasDown.current || state !== 'idle')
    if (state !== 'fallback') return
    const timer = setInterval(() => void refresh(), fallbackRefreshMs)
    return () => clearInterval(timer)
  }, [state, refresh])
}

/** Invitations arrive as notifications on the reader's own stream. */
function useInvitations(refresh: () => Promise<void>) {
  const line = useSocket()
  const hear = useCallback(
    (entries: readonly WireEntry[]) => {
      const invited = entries.some(
        ({ type, data }) =>
          type === 'notification.made' && (data as UserEntryData['notification.made']).kind === 'invitation',
      )
      if (invited) void refresh()
    },
    [refresh],
  )
  useEffect(
    () => line.follow({ name: 'me', after: 'now' }, { entries: hear }, { background: true }).stop,
    [line, hear],
  )
}

/** Follows the rooms `ids`, each from its known position; starts and stops only what changes. */
function useFollowed(
  ids: readonly string[],
  rooms: { current: readonly WireRoom[] },
  hear: (roomId: string, entries: readonly WireEntry[]) => void,
  refresh: () => Promise<void>,
) {
  const line = useSocket()
  const followed = useRef(new Map<string, () => void>())
  const wanted = ids.join(' ')
  useEffect(() => {
    const all = followed.current
    const now = new Set(wanted.split(' ').filter(Boolean))
    for (const [id, stop] of all) {
      if (now.has(id)) continue
      stop()
      all.delete(id)
    }
    for (const id of now) {
      const room = rooms.current.find((one) => one.id === id)
      if (!room || all.has(id)) continue
      const listener = {
        entries: (entries: readonly WireEntry[]) => hear(id, entries),
        reset: () => void refresh(),
        ended: () => void refresh(),
      }
      const subject = { name: `room:${id}`, after: room.cursor }
      all.set(id, line.follow(subject, listener, { background: true }).stop)
    }
  }, [line, wanted, rooms, hear, refresh])
  useEffect(() => {
    const all = followed.current
    return () => {
      for (const stop of all.values()) stop()
      all.clear()
    }
  }, [])
}

/** What a room reports to the list of rooms beside it. The object is stable. */
type RoomsLedger = {
  read: (roomId: string, read: WireRoomRead) => void
  /** Reloads the list, after joining, leaving or being removed. */
  refresh: () => Promise<void>
}

const Ledger = createContext<RoomsLedger | null>(null)
export const RoomsLedgerProvider = Ledger.Provider

/** Throws outside the chat's frame. */
export function useRoomsLedger(): RoomsLedger {
  const ledger = useContext(Ledger)
  if (!ledger) throw new Error('No list of rooms around this component')
  return ledger
}

/** Whether the reader is looking at this page: its tab is visible, and its window has the focus. */
export function useAttentive(): boolean {
  return useSyncExternalStore(
    watch,
    () => document.visibilityState === 'visible' && document.hasFocus(),
    () => false,
  )
}

function watch(changed: () => void) {
  window.addEventListener('focus', changed)
  window.addEventListener('blur', changed)
  document.addEventListener('visibilitychange', changed)
  return () => {
    window.removeEventListener('focus', changed)
    window.removeEventListener('blur', changed)
    document.removeEventListener('visibilitychange', changed)
  }
}
