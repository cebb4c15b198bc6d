'use client'

import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SharedSocket } from '#components/live/shared-socket.ts'
import { useOutbox } from '#components/live/use-outbox.ts'
import { useSocket, useSocketView } from '#components/live/use-socket.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import type { WireMessage, WireMessageList, WireRoom, WireRoomDetail } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { excerptOf } from '#server/protocol/text.ts'
import type { NewSince } from './message-rows.ts'
import type { RoomComposerHandle } from './room-composer.tsx'
import { lastOwn, roleOf, withMessage } from './room-state.ts'
import { useCompany } from './use-company.ts'
import { useMessageActions } from './use-message-actions.ts'
import { useRoom } from './use-room.ts'
import { useAttentive, useRoomsLedger } from './use-rooms.ts'
import { useScrollAnchor } from './use-scroll-anchor.ts'

export type OpenRoomOptions = {
  detail: WireRoomDetail
  list: WireMessageList
  viewer: Viewer
  /** The seq of the message that the URL points to. */
  aimedAt: number | undefined
}

/** The state of an open room: its messages, who has read them, who is typing. */
export function useOpenRoom({ detail, list, viewer, aimedAt: first }: OpenRoomOptions) {
  const { id } = detail
  const line = useSocket()
  const view = useSocketView(line)
  const onSocket = view.state === 'live' || view.state === 'catching-up'
  const standing = onSocket || view.state === 'fallback'
  const field = useRef<RoomComposerHandle>(null)
  const said = useLiveRegion(viewer.id)
  const company = useCompany(id, viewer.id, onSocket)

  const { room, setRoom, ended, loading, trouble, showOlder, moreMembers } = useRoom(
    detail,
    list,
    (message, live) => {
      company.hasWritten(message.authorId)
      if (live) said.hear(message)
    },
  )
  const { messages } = room
  const [arrivedAfter] = useState(room.head)
  const sending = useSending(line, viewer.id, { id, messages }, (message) =>
    setRoom((before) => withMessage(before, message)),
  )
  const place = useScrollAnchor(() => void (trouble ? undefined : showOlder()))
  const newest = messages.at(-1)?.seq ?? 0
  const reading = useReading(detail, { newest, atLatest: place.atLatest, standing })
  const { toElement } = place
  const { aimedAt, aim } = useScrollToMessage(first, {
    oldest: messages[0]?.seq,
    more: room.nextBefore !== null,
    loading,
    showOlder: () => void showOlder(),
    show: useCallback((seq) => toElement(`message-${seq}`), [toElement]),
  })
  const doing = useMessageActions({
    ...{ roomId: id, readerId: viewer.id, room, setRoom },
    jumpTo: aim,
    toField: () => field.current?.focus(),
  })
  const below = useUnreadBelow(newest, place.atLatest)
  useOpenAtNew(first === undefined && detail.unread > 0, toElement)

  return {
    own: { ...detail, role: roleOf(room, viewer.id) ?? detail.role, memberCount: room.memberCount },
    ...{ room, ended, loading, trouble, showOlder, moreMembers, arrivedAfter },
    ...{ line, view, standing, field, company, sending, place, reading, aimedAt, doing, below },
    /** For screen readers. */
    saidWords: said.words,
    write(body: string) {
      sending.send(body, doing.replyTo?.seq)
      doing.dropReply()
      reading.clear()
      place.toLatest()
    },
    editLast() {
      const last = lastOwn(room, viewer.id)
      if (last) doing.actions.edit(last.seq)
    },
  }
}

export type OpenRoom = ReturnType<typeof useOpenRoom>

/** The seq after which messages are out of view for a reader who has scrolled up. */
function useUnreadBelow(newest: number, atLatest: boolean): number {
  const [seen, setSeen] = useState(newest)
  if (atLatest && seen !== newest) setSeen(newest)
  return seen
}

/** Opens a room at the first new message, if that is above what the end shows. */
function useOpenAtNew(wanted: boolean, show: (id: string) => boolean) {
  const done = useRef(false)
  useLayoutEffect(() => {
    if (done.current || !wanted) return
    done.current = true
    const line = document.getElementById('new-messages')
    const box = line?.closest('.overflow-y-auto')
    if (!line || !box) return
    if (line.getBoundingClientRect().top < box.getBoundingClientRect().top) show('new-messages')
  }, [wanted, show])
}

/** What screen readers announce: others' new messages, not earlier ones. */
function useLiveRegion(readerId: string) {
  const [words, setWords] = useState('')
  return {
    words,
    hear({ authorId, author, body }: Pick<WireMessage, 'authorId' | 'author' | 'body'>) {
      if (authorId !== readerId) setWords(`${personLabel(author)}: ${excerptOf(body)}`)
    },
  }
}

/** The reader's pending messages in a room. `onArrived` receives each one as the server stored it. */
function useSending(
  line: SharedSocket,
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
  // The room's stream may deliver a message before its acknowledgement.
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

/** How many pages are searched for a message before giving up. */
const mostPages = 50

type Aim = {
  /** The oldest loaded seq. */
  oldest: number | undefined
  more: boolean
  loading: boolean
  showOlder: () => void
  show: (seq: number) => boolean
}

/** Scrolls to a message, through as many older pages as needed. `first` is the one that the URL points to. */
function useScrollToMessage(first: number | undefined, { oldest, more, loading, showOlder, show }: Aim) {
  const [aimedAt, setAimedAt] = useState(first)
  const [round, setRound] = useState(0)
  const pages = useRef(0)
  const reached = useRef<number>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same message may be aimed at again
  useEffect(() => {
    pages.current = 0
    reached.current = undefined
  }, [aimedAt, round])
  useEffect(() => {
    if (aimedAt === undefined || reached.current === aimedAt || loading) return
    if (show(aimedAt)) {
      reached.current = aimedAt
      return
    }
    const further = more && oldest !== undefined && aimedAt < oldest && pages.current < mostPages
    if (!further) return
    pages.current += 1
    showOlder()
  })
  return {
    aimedAt,
    aim(seq: number) {
      setAimedAt(seq)
      setRound((before) => before + 1)
    },
  }
}

const settleMs = 300
const lingerMs = 5_000

type Sight = {
  /** The seq of the newest message. */
  newest: number
  /** Whether it is in view. */
  atLatest: boolean
  /** Whether the connection accepts commands. */
  standing: boolean
}

/**
 * How far the reader has read: reported to the server once the newest message has been in view, and shown as the line
 * above what is new since they left, which disappears some time after it has been read.
 */
function useReading(room: WireRoom, { newest, atLatest, standing }: Sight) {
  const line = useSocket()
  const ledger = useRoomsLedger()
  const attentive = useAttentive()
  const [readUpTo, setReadUpTo] = useState(room.readUpTo)
  const [since, setSince] = useState<NewSince | undefined>(
    room.unread > 0 ? { seq: room.readUpTo, count: room.unread } : undefined,
  )
  const newestNow = useRef(newest)
  useEffect(() => {
    newestNow.current = newest
  })

  const unread = newest > readUpTo
  useEffect(() => {
    if (!attentive || !atLatest || !standing || !unread) return
    const timer = setTimeout(async () => {
      const sent = await line.send('chat:read', { roomId: room.id, upTo: newest })
      if (sent.state !== 'done') return
      setReadUpTo((before) => Math.max(before, sent.value.readUpTo))
      ledger.read(room.id, sent.value)
    }, settleMs)
    return () => clearTimeout(timer)
  }, [attentive, atLatest, standing, unread, newest, line, ledger, room.id])

  useEffect(() => {
    if (attentive) return
    // What arrives from now on is new to a reader who is looking elsewhere.
    setSince((before) => before ?? { seq: newestNow.current })
  }, [attentive])
  useEffect(() => {
    if (!attentive || unread || !since) return
    const timer = setTimeout(() => setSince(undefined), lingerMs)
    return () => clearTimeout(timer)
  }, [attentive, unread, since])

  return { since, clear: () => setSince(undefined) }
}
