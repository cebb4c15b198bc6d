'use client'
import { createSlot, useContent } from '#components/shell/badge-slot.tsx'
import { formatDuration } from '#components/ui/format.ts'
import { usePackets } from '#components/wire/use-recording.ts'
import { formatWait } from './figures.ts'

/** How long this page's latest 304 took, in ms; the drawing passes it to the timetable below. */
export const latestSame = createSlot<number>()

/** The measured figure beside the loans: the same delivery on the pulse. */
export function LatestSame() {
  const tookMs = useContent(latestSame)
  return tookMs === null ? 'not measured yet' : `304 in ${formatDuration(tookMs)}`
}

/** How long an event takes on this page's stream, in ms: the median of the recent ones. */
export const latestWait = createSlot<number>()

/** The measured figure beside the feed: the same delivery on the pulse. */
export function LatestWait() {
  const waitMs = useContent(latestWait)
  return waitMs === null ? 'not measured yet' : `an event in ${formatWait(waitMs)}`
}

/** How long an event takes on this page's socket, in ms: the median of the recent ones. */
export const latestTalk = createSlot<number>()

/** The measured figure beside trading: the same delivery on the pulse. */
export function LatestTalk() {
  const waitMs = useContent(latestTalk)
  return waitMs === null ? 'not measured yet' : `an event in ${formatWait(waitMs)}`
}

/** The measured figure beside the chat: the median time for this page's commands to be acknowledged. */
export function LatestAck() {
  const { ackP50Ms } = usePackets()
  return ackP50Ms === undefined ? 'not measured yet' : `ack ${formatWait(ackP50Ms)} p50`
}
