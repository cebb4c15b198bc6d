'use client'
import { useEffect, useState } from 'react'
import { streamSubject } from '#components/live/stream-subject.ts'
import { usePoll } from '#components/live/use-poll.ts'
import type { WirePage } from '#server/protocol.ts'
import { recordedFetch, type Told } from './recorded-fetch.ts'
import type { PulseWire } from './trace.ts'

/** Trouble on a wire: since when no answer has come, or what the server refuses. */
export type Trouble = { sinceMs?: number; title?: string; nextAskAtMs?: number }

export const askEveryMs = 5_000
const subject = streamSubject('pulse')

/** One wire on the pulse as long as it stands: it asks, tells what it saw, and draws nothing itself. */
export function AskingWire({
  wire,
  told,
  onTrouble,
}: {
  wire: PulseWire
  told: Told
  onTrouble: (trouble: Trouble | null) => void
}) {
  const [fetch] = useState(() => recordedFetch(wire, told))
  const { offlineSinceMs, lastError, nextAskAtMs } = usePoll<WirePage>(subject, {
    mode: wire,
    everyMs: askEveryMs,
    fetch,
  })
  const title = lastError?.title
  useEffect(() => {
    const well = offlineSinceMs === undefined && title === undefined
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, nextAskAtMs })
  }, [onTrouble, offlineSinceMs, title, nextAskAtMs])
  return null
}
