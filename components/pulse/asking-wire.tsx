'use client'
import { useEffect, useState } from 'react'
import type { Mode } from '#components/live/poll-step.ts'
import { streamSubject } from '#components/live/stream-subject.ts'
import { usePoll } from '#components/live/use-poll.ts'
import type { WirePage } from '#server/protocol/protocol.ts'
import { recordedFetch, type Told } from './recorded-fetch.ts'
import type { PulseWire } from './trace.ts'
import type { Trouble } from './trouble.ts'

export const askEveryMs = 5_000

/**
 * One wire on the pulse as long as it stands: it asks, tells what it saw, and draws nothing itself.
 *
 * `places` keeps its cursor, so that a wire that was stopped goes on where it was, and misses nothing.
 */
export function AskingWire({
  wire,
  told,
  places,
  onTrouble,
}: {
  wire: Mode
  told: Told
  places: Map<PulseWire, string>
  onTrouble: (trouble: Trouble | null) => void
}) {
  const [subject] = useState(() => streamSubject('pulse', places.get(wire)))
  const [fetch] = useState(() => recordedFetch(wire, told))
  const { offlineSinceMs, lastError, nextAskAtMs } = usePoll<WirePage>(subject, {
    mode: wire,
    everyMs: askEveryMs,
    fetch,
    onNews: ({ next }) => places.set(wire, next),
  })
  const title = lastError?.title
  useEffect(() => {
    const well = offlineSinceMs === undefined && title === undefined
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, nextAskAtMs })
  }, [onTrouble, offlineSinceMs, title, nextAskAtMs])
  return null
}
