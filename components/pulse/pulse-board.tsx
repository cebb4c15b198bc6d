'use client'

import { useEffect, useState } from 'react'
import { laneKinds } from '#components/lane/lane-kind.ts'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { type Mode, polls, useLive } from '#components/live/use-live.ts'
import { useBadge, useFill } from '#components/shell/badge-slot.tsx'
import { usePageCommands } from '#components/shell/palette/page-commands.ts'
import { figureWords, latestSameMs, noFigureWords, type Trouble } from './figures.ts'
import { latestSame, latestTalk, latestWait } from './latest-figures.tsx'
import { Plot, type PlotShape } from './plot.tsx'
import { PauseButton, PulseWide, pastWords } from './pulse-wide.tsx'
import { recordedFetch, type TraceEvents } from './recorded-fetch.ts'
import { SendEvent, sendEvent } from './send-event.tsx'
import { SocketWire } from './socket-wire.tsx'
import type { PulseWire } from './trace.ts'
import { hollowLanes, type Pulse, pollEveryMs, usePulse } from './use-pulse.ts'
import { WireNote, wireWords } from './wire-note.tsx'

/**
 * The live drawing of the home page: this browser's own connections to the public stream. `signedIn` says whether there
 * is a session, which a socket needs.
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
  usePageCommands(() => [
    { group: 'This page', title: 'Send an event', run: () => void sendEvent() },
    {
      group: 'This page',
      title: stopped ? 'Resume the connections' : 'Pause the connections',
      run: pulse.toggle,
    },
  ])
  useFill(latestWait, figures?.sse.medianWaitMs ?? null)
  useFill(latestTalk, figures?.ws.medianWaitMs ?? null)
  useFill(latestSame, latestSameMs(trace.asks.short) ?? null)
  return (
    <section aria-label="This browser’s connections, last 30 seconds">
      {!stopped &&
        (['short', 'long'] as const).map((wire) => (
          <AskingWire key={wire} wire={wire} told={told} places={places} onTrouble={onTrouble[wire]} />
        ))}
      <ListeningWire told={told} stopped={stopped} onTrouble={onTrouble.sse} />
      {talks && !stopped && <SocketWire places={places} onTrouble={onTrouble.ws} onSignedOut={signedOut} />}
      <PulseWide pulse={pulse} />
      <PulseTall pulse={pulse} />
    </section>
  )
}

type ListeningWireProps = {
  told: TraceEvents
  /** Closed while stopped; it resumes at its position, and misses nothing. */
  stopped: boolean
  onTrouble: (trouble: Trouble | null) => void
}

/** One event stream on the pulse while mounted: it reports what it receives, and renders nothing. */
function ListeningWire({ told, stopped, onTrouble }: ListeningWireProps) {
  const [fetch] = useState(() => recordedFetch('sse', told))
  const { state, offlineSinceMs, lastError, nextTryAtMs } = useLive(
    { name: 'pulse', after: 'now' },
    {
      client: eventStream,
      fetch,
      stopped,
      onEntries: hasReceived,
    },
  )
  const title = lastError?.title
  const fallback = state === 'fallback'
  useEffect(() => {
    const well = stopped || (offlineSinceMs === undefined && title === undefined && !fallback)
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, fallback, nextTryAtMs })
  }, [onTrouble, stopped, offlineSinceMs, title, fallback, nextTryAtMs])
  return null
}

function hasReceived() {
  // The drawing is updated on the way, with every chunk.
}

/**
 * One wire on the pulse while mounted: it polls, reports what it receives, and renders nothing.
 * `places` keeps its cursor, so that a stopped wire resumes at its position, and misses nothing.
 */
function AskingWire({
  wire,
  told,
  places,
  onTrouble,
}: {
  wire: Mode
  told: TraceEvents
  places: Map<PulseWire, string>
  onTrouble: (trouble: Trouble | null) => void
}) {
  const [subject] = useState(() => ({ name: 'pulse', after: places.get(wire) ?? 'now' }))
  const [fetch] = useState(() => recordedFetch(wire, told))
  const { offlineSinceMs, lastError, nextTryAtMs, cursor } = useLive(subject, {
    client: polls[wire],
    everyMs: pollEveryMs,
    fetch,
  })
  useEffect(() => {
    if (cursor !== undefined && cursor !== 'now') places.set(wire, cursor)
  }, [places, wire, cursor])
  const title = lastError?.title
  useEffect(() => {
    const well = offlineSinceMs === undefined && title === undefined
    onTrouble(well ? null : { sinceMs: offlineSinceMs, title, nextTryAtMs })
  }, [onTrouble, offlineSinceMs, title, nextTryAtMs])
  return null
}

const gutter = 14
const columnOf = (n: number) => `${gutter + ((100 - gutter) / 4) * (n + 0.5)}%`
const shape: PlotShape = {
  axis: 'y',
  log: `${gutter + 2}%`,
  lanes: { short: columnOf(0), long: columnOf(1), sse: columnOf(2), ws: columnOf(3) },
}
const sixths = [0, 1, 2, 3, 4, 5, 6]

/** The drawing on phones: time runs down and the four wires are side by side. */
function PulseTall({ pulse }: { pulse: Pulse }) {
  const { scene, past, baseMs, stopped, toggle, figures, troubles } = pulse
  const trouble = troubles.short ?? troubles.long ?? troubles.sse ?? troubles.ws
  const hollow = hollowLanes(pulse)
  return (
    <div className="md:hidden">
      <div className="tall-grid items-end pb-2 text-ui">
        <h2 className="text-ink-3">The log</h2>
        {laneKinds.map((kind) => (
          <h3 key={kind} className="text-center font-semibold">
            {wireWords[kind].short}
          </h3>
        ))}
      </div>
      <div className="relative h-[440px]">
        <svg className="absolute inset-0 size-full" aria-hidden>
          {sixths.map((n) => (
            <line
              key={n}
              x1={`${gutter + 2}%`}
              x2="100%"
              y1={`${(n / 6) * 100}%`}
              y2={`${(n / 6) * 100}%`}
              className="stroke-line"
            />
          ))}
        </svg>
        <Plot
          shape={shape}
          scene={scene}
          past={past}
          baseMs={baseMs}
          still={stopped}
          hollow={hollow}
          className="absolute inset-0 size-full"
        />
      </div>
      <div className="tall-grid type-data mt-3 border-t border-line-strong pt-2.5">
        <span className="font-sans text-ui text-ink-3">wait</span>
        {laneKinds.map((kind) => (
          <span key={kind} className="text-center">
            <span className="sr-only">{wireWords[kind].short} </span>
            {hollow.includes(kind) ? noFigureWords.wait : figureWords(figures?.[kind]).wait}
          </span>
        ))}
      </div>
      <div className="flex items-center justify-between">
        {trouble ? (
          <WireNote kind="short" trouble={trouble} />
        ) : (
          <p className="type-label">
            The last 30 s, newest at the bottom. “Wait” is the median.{past && ` ${pastWords}`}
          </p>
        )}
        <SendEvent className="ml-auto" />
        <PauseButton stopped={stopped} onToggle={toggle} className="-mr-3" />
      </div>
    </div>
  )
}
