'use client'
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { tellNews } from '#components/live/cross-check.ts'
import { request } from '#components/live/request.ts'
import { isStanding } from '#components/live/shared-socket.ts'
import { useBellCheck } from '#components/live/use-cross-check.ts'
import { useSocket } from '#components/live/use-socket.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type {
  RoomEntryData,
  WireMemberList,
  WireMessage,
  WireMessageList,
  WireRoomDetail,
} from '#server/protocol/chat.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import {
  firstRoom,
  goneOnFrom,
  peopleOf,
  type RoomState,
  reloadedRoom,
  roomAfter,
  withMembers,
  withOlder,
} from './room-state.ts'

type OnMessage = (message: Omit<WireMessage, 'seq' | 'at'>, live: boolean) => void

/** A room, kept live from `list`, with older messages on request. `onMessage` receives each new one. */
export function useRoom(detail: WireRoomDetail, list: WireMessageList, onMessage: OnMessage) {
  const { id } = detail
  const line = useSocket()
  const [room, setRoom] = useState<RoomState>(() => firstRoom(detail, list))
  const [ended, setEnded] = useState(false)
  const place = useRef(list.cursor)
  const follower = useRef<{ cursor(): string }>(null)
  const older = useOlder(id, room.nextBefore, setRoom)
  useBellCheck(`room:${id}`, {
    cursor: () => follower.current?.cursor(),
    isLive: () => isStanding(line),
    tryNow: line.tryNow,
  })

  const hear = useEffectEvent((entries: readonly WireEntry[], live: boolean) => {
    setRoom((before) => entries.reduce(roomAfter, before))
    if (entries.some((entry) => hasOwnerLeft(room, entry))) void readMembers()
    for (const { type, data } of entries) {
      if (type !== 'message.sent') continue
      const { message } = data as RoomEntryData['message.sent']
      onMessage(message, live)
      if (message.body.includes('@')) tellNews('page', ['me'])
    }
  })
  /** After the owner has left, the server decides who owns the room. */
  const readMembers = async () => {
    const found = await read<WireRoomDetail>(`/api/rooms/${id}`)
    if (!('problem' in found)) setRoom((before) => ({ ...before, ...peopleOf(found) }))
  }
  const startAgain = useEffectEvent(async (head: string) => {
    setRoom((before) => goneOnFrom(before, head))
    // The messages first: somebody who joins between the two reads is then received twice, which does no harm.
    const messages = await read<WireMessageList>(`/api/rooms/${id}/messages`)
    const people = await read<WireRoomDetail>(`/api/rooms/${id}`)
    if (!('problem' in people) && !('problem' in messages)) {
      setRoom((before) => reloadedRoom(before, people, messages))
    }
  })
  useEffect(() => {
    const followed = line.follow(
      { name: `room:${id}`, after: place.current },
      {
        entries: (entries, live) => hear(entries, live),
        reset: (head) => void startAgain(head),
        ended: () => setEnded(true),
      },
    )
    follower.current = followed
    return () => {
      follower.current = null
      place.current = followed.cursor()
      followed.stop()
    }
  }, [line, id])

  return { room, setRoom, ended, ...older, moreMembers: useMoreMembers(id, room.membersNextBefore, setRoom) }
}

function hasOwnerLeft({ members }: RoomState, { type, data }: WireEntry): boolean {
  if (type !== 'member.left') return false
  const { userId } = data as RoomEntryData['member.left']
  return members.some((member) => member.id === userId && member.role === 'owner')
}

/** Loads members not shown yet. */
export type MoreMembers = { left: boolean; loading: boolean; failed: boolean; show: () => Promise<void> }

function useMoreMembers(
  roomId: string,
  next: string | null,
  setRoom: (change: (before: RoomState) => RoomState) => void,
): MoreMembers {
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle')
  return {
    left: next !== null,
    loading: state === 'loading',
    failed: state === 'failed',
    async show() {
      if (next === null || state === 'loading') return
      setState('loading')
      const url = `/api/rooms/${roomId}/members?before=${encodeURIComponent(next)}`
      const page = await read<WireMemberList>(url)
      setState('problem' in page ? 'failed' : 'idle')
      if (!('problem' in page)) setRoom((before) => withMembers(before, page))
    },
  }
}

/** Loads older messages, a page at a time. */
function useOlder(
  roomId: string,
  nextBefore: string | null,
  setRoom: (change: (before: RoomState) => RoomState) => void,
) {
  const [loading, setLoading] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const asking = useRef(false)

  const showOlder = useCallback(async () => {
    if (nextBefore === null || asking.current) return
    asking.current = true
    setLoading(true)
    const found = await read<WireMessageList>(
      `/api/rooms/${roomId}/messages?before=${encodeURIComponent(nextBefore)}`,
    )
    asking.current = false
    setLoading(false)
    if ('problem' in found) return setTrouble(found.problem ?? 'unanswered')
    setTrouble(undefined)
    setRoom((before) => withOlder(before, found))
  }, [roomId, nextBefore, setRoom])

  return { loading, trouble, showOlder }
}

async function read<T extends object>(url: string): Promise<T | { problem: Problem | undefined }> {
  const wire = { fetch: pageRecorder.fetch, clock: browserClock }
  const answer = await request<T>({ url }, 0, wire, new AbortController().signal)
  if (answer.type === 'changed') return answer.value
  return { problem: 'problem' in answer ? answer.problem : undefined }
}
