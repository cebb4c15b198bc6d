'use client'
import { laneKinds } from '#components/lane/lane-kind.ts'
import { useBadge } from '#components/shell/badge-slot.tsx'
import { useFill } from '#components/shell/slot.ts'
import { AskingWire } from './asking-wire.tsx'
import { latestSameMs } from './figures.ts'
import { latestSame, latestTalk, latestWait } from './latest-figures.tsx'
import { ListeningWire } from './listening-wire.tsx'
import { PulseTall } from './pulse-tall.tsx'
import { PulseWide } from './pulse-wide.tsx'
import { TalkingWire } from './talking-wire.tsx'
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
