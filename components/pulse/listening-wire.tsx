'use client'
import { useEffect, useState } from 'react'
import { useStream } from '#components/live/use-stream.ts'
import { recordedFetch, type Told } from './recorded-fetch.ts'
import type { Trouble } from './trouble.ts'

type ListeningWireProps = {
  told: Told
  /** Let go meanwhile; it goes on where it was, and misses nothing. */
  stopped: boolean
  onTrouble: (trouble: Trouble | null) => void
}

/** One event stream on the pulse as long as it stands: it listens, tells what it saw, and draws nothing itself. */
export function ListeningWire({ told, stopped, onTrouble }: ListeningWireProps) {
  const [fetch] = useState(() => recordedFetch('sse', told))
  const { state, offlineSinceMs, lastError, nextTryAtMs } = useStream('pulse', {
    after: 'now',
    fetch,
    stopped,
    onEntries: heardAlready,
  })
  const title = lastError?.title
  const fallback = state === 'fallback'
  useEffect(() => {
    const well = stopped || (offlineSinceMs === undefined && title === undefined && !fallback)
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, fallback, nextAskAtMs: nextTryAtMs })
  }, [onTrouble, stopped, offlineSinceMs, title, fallback, nextTryAtMs])
  return null
}

function heardAlready() {
  // The drawing is told on the way, with every byte.
}
