'use client'
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { anyLag, lagMs, narrowLag } from '#components/live/clock-lag.ts'
import { useNow } from '#components/live/use-now.ts'
import { type Figures, figuresOf } from './figures.ts'
import type { Told } from './recorded-fetch.ts'
import { type Scene, sceneOf } from './scene.ts'
import { noTrace, type PulseWire, perWire, type Trace, traceAfter, windowMs } from './trace.ts'
import type { Trouble } from './trouble.ts'
import { useBase } from './use-base.ts'
import { useHeardPackets } from './use-heard-packets.ts'
import { usePauses } from './use-pauses.ts'
import { useTimings } from './use-timings.ts'

/** What the home page shows of this browser's wires. Everything measured is absent until it is. */
export type Pulse = {
  trace: Trace
  told: Told
  /** The cursor of each wire that asks. */
  places: Map<PulseWire, string>
  scene?: Scene
  baseMs?: number
  /** How many entries happened within the window. */
  happened?: number
  figures?: Record<PulseWire, Figures>
  troubles: Record<PulseWire, Trouble | null>
  onTrouble: Record<PulseWire, (trouble: Trouble | null) => void>
  /** This browser's clock minus the server's, in ms, where they cannot agree. */
  lagMs: number
  stopped: boolean
  toggle: () => void
  /** Whether there is a session, without which no socket opens; undefined until it is known. */
  talks: boolean | undefined
  signedOut: () => void
}

/** The state of the drawing: what the wires tell, laid out and counted. */
export function usePulse(signedIn: Promise<boolean>): Pulse {
  const [trace, tell] = useReducer(traceAfter, noTrace)
  const [bounds, see] = useReducer(narrowLag, anyLag)
  const [troubles, setTroubles] = useState<Pulse['troubles']>(() => perWire(() => null))
  const [stopped, setStopped] = useState(false)
  const [talks, setTalks] = useState<boolean>()
  useEffect(() => void signedIn.then(setTalks), [signedIn])
  const signedOut = useCallback(() => setTalks(false), [])
  const told = useMemo(() => ({ trace: tell, clock: see }), [])
  const onTrouble = useMemo(
    () =>
      perWire(
        (wire) => (trouble: Trouble | null) => setTroubles((before) => ({ ...before, [wire]: trouble })),
      ),
    [],
  )
  const [places] = useState(() => new Map<PulseWire, string>())
  const toggle = useCallback(() => setStopped((before) => !before), [])
  const baseMs = useBase(stopped)
  const nowMs = useNow(1_000, !stopped)
  usePauses(tell, stopped)
  useTimings(tell)
  useHeardPackets(told)

  const lag = lagMs(bounds)
  const scene = useMemo(
    () => (baseMs === undefined ? undefined : sceneOf(trace, baseMs, lag)),
    [trace, baseMs, lag],
  )
  return {
    ...{
      trace,
      told,
      places,
      scene,
      baseMs,
      troubles,
      onTrouble,
      stopped,
      toggle,
      lagMs: lag,
      talks,
      signedOut,
    },
    ...(nowMs !== undefined && counted(trace, nowMs, lag)),
  }
}

function counted(trace: Trace, nowMs: number, lag: number): Pick<Pulse, 'happened' | 'figures'> {
  const sinceMs = nowMs - lag - windowMs
  return {
    figures: perWire((wire) => figuresOf(trace, wire, nowMs, lag)),
    happened: trace.happenings.filter(({ at }) => Date.parse(at) >= sinceMs).length,
  }
}

/** The lanes on which nothing runs for whoever looks: a socket opens for those who have signed in. */
export function hollowLanes({ talks }: Pulse): LaneKind[] {
  return talks === false ? ['ws'] : []
}
