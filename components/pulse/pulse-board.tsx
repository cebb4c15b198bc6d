'use client'

import { useEffect, useState } from 'react'
import { laneKinds } from '#components/lane/lane-kind.ts'
import type { Mode } from '#components/live/poll-step.ts'
import { streamSubject } from '#components/live/stream-subject.ts'
import { usePoll } from '#components/live/use-poll.ts'
import { useStream } from '#components/live/use-stream.ts'
import { useBadge } from '#components/shell/badge-slot.tsx'
import { useFill } from '#components/shell/slot.ts'
import type { WirePage } from '#server/protocol/protocol.ts'
import { latestSameMs } from './figures.ts'
import { latestSame, latestTalk, latestWait } from './latest-figures.tsx'
import { PulseTall } from './pulse-tall.tsx'
import { PulseWide } from './pulse-wide.tsx'
import { recordedFetch, type Told } from './recorded-fetch.ts'
import { TalkingWire } from './talking-wire.tsx'
import type { PulseWire } from './trace.ts'
import type { Trouble } from './trouble.ts'
import { usePulse } from './use-pulse.ts'

/**
 * The living drawing of the home page: this browser's own wires on the public stream. `signedIn` tells whether there is
 * a session, for a socket opens with one only.
 */
export function PulseBoard({ signedIn }: { signedIn: Promise<boolean> }) {
  const pulse = usePulse(signedIn)
  const { troubles, stopped, told, places, onTrouble, trace, figures, talks, signedOut } = pulse
  const sinceMs = laneKinds.map((wire) => troubles[wire]?.sinceMs).find((ms) => ms !== undefined)
  useBadge(
    sinceMs !== undefined
      ? { state: 'offline', sinceMs }
      : stopped
        ? { state: 'paused', kind: 'long' }
        : null,
  )
  useFill(latestWait, figures?.sse.medianWaitMs ?? null)
  useFill(latestTalk, figures?.ws.medianWaitMs ?? null)
  useFill(latestSame, latestSameMs(trace.asks.short) ?? null)
  return (
    <section aria-label="This browser’s wires, the last 30 seconds">
      {!stopped &&
        (['short', 'long'] as const).map((wire) => (
          <AskingWire key={wire} wire={wire} told={told} places={places} onTrouble={onTrouble[wire]} />
        ))}
      <ListeningWire told={told} stopped={stopped} onTrouble={onTrouble.sse} />
      {talks && !stopped && <TalkingWire places={places} onTrouble={onTrouble.ws} onSignedOut={signedOut} />}
      <PulseWide pulse={pulse} />
      <PulseTall pulse={pulse} />
    </section>
  )
}

type ListeningWireProps = {
  told: Told
  /** Let go meanwhile; it goes on where it was, and misses nothing. */
  stopped: boolean
  onTrouble: (trouble: Trouble | null) => void
}

/** One event stream on the pulse as long as it stands: it listens, tells what it saw, and draws nothing itself. */
function ListeningWire({ told, stopped, onTrouble }: ListeningWireProps) {
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

const askEveryMs = 5_000

/**
 * One wire on the pulse as long as it stands: it asks, tells what it saw, and draws nothing itself.
 *
 * `places` keeps its cursor, so that a wire that was stopped goes on where it was, and misses nothing.
 */
function AskingWire({
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
