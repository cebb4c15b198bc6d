'use client'

import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { pageFetch } from '#components/live/page-viewer.ts'
import { anyLag, lagMs, narrowLag } from '#components/live/server-clock.ts'
import { useNow } from '#components/live/use-now.ts'
import { pagePackets } from '#components/wire/sockets/page-packets.ts'
import { isOpen } from '#components/wire/sockets/socket-life.ts'
import { type Figures, figuresOf, type Trouble } from './figures.ts'
import { createPacketTracer } from './packet-tracer.ts'
import { type PastEntry, pastTrace, readPast } from './past.ts'
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

/** What the home page shows of this browser's wires. Measurements are absent until made. */
export type Pulse = {
  trace: Trace
  told: TraceEvents
  /** The cursor of each polling wire. */
  places: Map<PulseWire, string>
  scene?: Scene
  baseMs?: number
  /** What happened before this page was there, as its wires would have brought it; absent once that is out of sight. */
  past?: Scene
  /** How many entries happened within the window. */
  happened?: number
  figures?: Record<PulseWire, Figures>
  troubles: Record<PulseWire, Trouble | null>
  onTrouble: Record<PulseWire, (trouble: Trouble | null) => void>
  /** This browser's clock minus the server's, in ms; 0 while the two may agree. */
  lagMs: number
  stopped: boolean
  toggle: () => void
  /** Whether there is a session, which a socket needs; undefined until known. */
  talks: boolean | undefined
  signedOut: () => void
}

/** The state of the drawing: what the wires report, laid out and counted. */
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
  const past = usePast(lag)
  const scene = useMemo(
    () => (baseMs === undefined ? undefined : sceneOf(trace, baseMs, lag)),
    [trace, baseMs, lag],
  )
  const sawOpening = nowMs !== undefined && past !== undefined && past.toMs > nowMs - windowMs
  return {
    ...(sawOpening && baseMs !== undefined && { past: sceneOf(past.trace, baseMs, lag) }),
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
    ...(nowMs !== undefined && counted(trace, past?.trace, nowMs, lag)),
  }
}

function counted(
  trace: Trace,
  past: Trace | undefined,
  nowMs: number,
  lag: number,
): Pick<Pulse, 'happened' | 'figures'> {
  const sinceMs = nowMs - lag - windowMs
  return {
    figures: perWire((wire) => figuresOf(trace, wire, nowMs, lag)),
    happened: [...(past?.happenings ?? []), ...trace.happenings].filter(({ at }) => Date.parse(at) >= sinceMs)
      .length,
  }
}

/** The lanes on which nothing runs for this reader: a socket needs a session. */
export function hollowLanes({ talks }: Pulse): LaneKind[] {
  return talks === false ? ['ws'] : []
}

/** How often the page polls on the short lane, in ms. */
export const pollEveryMs = 5_000

/** The half minute before this page opened; undefined until it is read, or when there is none. */
function usePast(lag: number): { trace: Trace; toMs: number } | undefined {
  const [read, setRead] = useState<{ entries: PastEntry[]; toMs: number }>()
  useEffect(() => {
    const toMs = Date.now()
    void readPast(pageFetch).then((entries) => entries.length > 0 && setRead({ entries, toMs }))
  }, [])
  return useMemo(
    () => read && { trace: pastTrace(read.entries, read.toMs, lag, pollEveryMs), toMs: read.toMs },
    [read, lag],
  )
}

/** Reports when the page is hidden or the drawing stopped, and when it resumes. */
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

/** Reports this page's socket packets to the drawing, including a socket that was open before. */
function useTracedPackets(told: TraceEvents) {
  useEffect(() => {
    const tell = createPacketTracer(told)
    const leave = pagePackets.listen(tell)
    // Watching once brings `current` up to date.
    pagePackets.watch(() => undefined)()
    for (const { socket, openingMs, openedMs = openingMs } of pagePackets.current().sockets.filter(isOpen)) {
      tell({ type: 'opening', socket, atMs: openingMs })
      tell({ type: 'opened', socket, atMs: openedMs })
    }
    return leave
  }, [told])
}

/** Less than the window, so that the drift never reaches its end. */
const renewMs = 20_000

/** The base time of the drawing's layout, renewed from time to time; undefined before the browser has begun. */
function useBase(stopped: boolean): number | undefined {
  const [baseMs, setBaseMs] = useState<number>()
  useEffect(() => {
    if (stopped) return
    const renew = () => setBaseMs(Date.now())
    renew()
    const timer = setInterval(renew, renewMs)
    // A hidden tab's timers and animations are late: start again from the current time.
    document.addEventListener('visibilitychange', renew)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
    }
  }, [stopped])
  return baseMs
}

/** Passes on the browser's own timing of each response on the pulse: finer times, and the bytes received. */
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
