'use client'

import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { anyLag, lagMs, narrowLag } from '#components/live/server-clock.ts'
import { useNow } from '#components/live/use-now.ts'
import { pagePackets } from '#components/wire/sockets/page-packets.ts'
import { isOpen } from '#components/wire/sockets/socket-life.ts'
import { type Figures, figuresOf, type Trouble } from './figures.ts'
import { createPacketTracer } from './packet-tracer.ts'
import type { TraceEvents } from './recorded-fetch.ts'
import { type Scene, sceneOf } from './scene.ts'
import {
  noTrace,
  type PulseWire,
  perWire,
  type Trace,
  type TraceEvent,
  traceAfter,
  windowMs,
} from './trace.ts'

/** What the home page shows of this browser's wires. Everything measured is absent until it is. */
export type Pulse = {
  trace: Trace
  told: TraceEvents
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
  useTracedPackets(told)

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

/** The lanes on which nothing runs for this reader: a socket opens only for the signed in. */
export function hollowLanes({ talks }: Pulse): LaneKind[] {
  return talks === false ? ['ws'] : []
}

/** Tells when nobody looks, or the reader has stopped the drawing, and when it resumes. */
function usePauses(tell: (event: TraceEvent) => void, stopped: boolean) {
  useEffect(() => {
    const look = () => {
      const away = stopped || document.hidden
      tell({ type: away ? 'paused' : 'resumed', atMs: Date.now() })
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [tell, stopped])
}

/** Tells the drawing what this page has on its socket, one that was open before it included. */
function useTracedPackets(told: TraceEvents) {
  useEffect(() => {
    const tell = createPacketTracer(told)
    const leave = pagePackets.listen(tell)
    // Whoever watches is shown what there is by now.
    pagePackets.watch(() => undefined)()
    for (const { socket, openingMs, openedMs = openingMs } of pagePackets.current().sockets.filter(isOpen)) {
      tell({ type: 'opening', socket, atMs: openingMs })
      tell({ type: 'opened', socket, atMs: openedMs })
    }
    return leave
  }, [told])
}

/** Less than the window, so that the drift never comes to its end. */
const renewMs = 20_000

/** The instant that the drawing is laid out around, renewed now and then; undefined before the browser has begun. */
function useBase(stopped: boolean): number | undefined {
  const [baseMs, setBaseMs] = useState<number>()
  useEffect(() => {
    if (stopped) return
    const renew = () => setBaseMs(Date.now())
    renew()
    const timer = setInterval(renew, renewMs)
    // A hidden tab's timers and animations are late: begin again with what is true.
    document.addEventListener('visibilitychange', renew)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
    }
  }, [stopped])
  return baseMs
}

/** Passes on the browser's own account of each answer on the pulse: finer times, and the bytes received. */
function useTimings(tell: (event: TraceEvent) => void) {
  useEffect(() => {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!(entry instanceof PerformanceResourceTiming) || !entry.name.includes('/api/streams/pulse'))
          continue
        const { startTime, responseEnd, transferSize } = entry
        tell({
          type: 'measured',
          openedMs: performance.timeOrigin + startTime,
          endedMs: performance.timeOrigin + responseEnd,
          receivedBytes: transferSize,
        })
      }
    })
    observer.observe({ type: 'resource' })
    return () => observer.disconnect()
  }, [tell])
}
