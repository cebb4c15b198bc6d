import { streamSubject } from './clients/client.ts'
import { type ConnectionEnd, type Held, holdConnection } from './clients/socket.ts'
import type { LineFallback, LineStep } from './connection.ts'
import { createUpgradeDetector } from './fallback.ts'
import { type PageActivity, watchWakefulness } from './liveness.ts'
import type { Connection, OpenConnection } from './open-socket.ts'
import { fullJitterMs } from './reconnect.ts'
import { type PollResponse, request, type Wire } from './request.ts'

const firstFallbackMs = 30_000
const longestFallbackMs = 600_000
/** A connection that stood this long, in ms, was a good one. */
const steadyMs = 5_000

export type KeepOptions = {
  open: OpenConnection
  wire: Wire
  activity: PageActivity
  random: () => number
  signal: AbortSignal
  tell(step: LineStep): void
  /** A connection stands; `lost` gives it up for another. */
  opened(connection: Connection, lost: () => void): Held
  /** No socket can be had: another way serves until one is open. Nothing happens when it does already. */
  fallBack(): void
  /** The page is left: nothing serves until it is back. */
  rest(): void
}

/** What follows from the end of a connection. */
type Next =
  | { type: 'again' }
  | { type: 'over'; step: LineStep }
  | { type: 'fallback'; why: LineFallback }
  | {
      type: 'pause'
      pauseMs: number
      failed?: { problem?: Extract<LineStep, { type: 'failed' }>['problem'] }
    }

/**
 * Keeps a connection open until `signal` aborts or the session is over: one that ends is replaced by another. When
 * none can be had although the server answers, the fallback serves, and sockets are tried now and then.
 */
export async function keepConnected(options: KeepOptions): Promise<void> {
  const { activity, random, signal, tell, wire } = options
  const { clock } = wire
  const left = new AbortController()
  const verdict = createUpgradeDetector()
  watchWakefulness(clock, activity, AbortSignal.any([signal, left.signal]))
  let failures = 0
  let fallbackMs = firstFallbackMs

  try {
    while (!signal.aborted) {
      const interrupted = AbortSignal.any([signal, activity.change])
      if (activity.suspended) {
        options.rest()
        tell({ type: 'paused' })
        await clock.sleep(Number.POSITIVE_INFINITY, interrupted)
        continue
      }

      tell({ type: 'opening' })
      const next = await after(await holdConnection({ ...options, clock }, interrupted), interrupted)
      switch (next.type) {
        case 'again':
          break
        case 'over':
          return tell(next.step)
        case 'fallback': {
          options.fallBack()
          tell({ type: 'fallback', why: next.why, socketAtMs: clock.now() + fallbackMs })
          const pauseMs = fallbackMs
          fallbackMs = Math.min(longestFallbackMs, fallbackMs * 2)
          await clock.sleep(pauseMs, interrupted)
          break
        }
        case 'pause': {
          const nextTryAtMs = clock.now() + next.pauseMs
          tell(next.failed ? { type: 'failed', ...next.failed, nextTryAtMs } : { type: 'ended', nextTryAtMs })
          await clock.sleep(next.pauseMs, AbortSignal.any([interrupted, activity.seen]))
        }
      }
    }
  } finally {
    left.abort()
    options.rest()
  }

  async function after(end: ConnectionEnd, interrupted: AbortSignal): Promise<Next> {
    switch (end.type) {
      case 'interrupted':
        return { type: 'again' }
      case 'bye':
        verdict.spoke()
        if (end.reason === 'session-ended') return { type: 'over', step: { type: 'signed-out' } }
        failures = 0
        // Only upwards: a herd that was sent away together shall not return together, nor too early.
        return { type: 'pause', pauseMs: end.retryMs * (1 + random()) }
      case 'cut':
      case 'lost': {
        const found = end.type === 'cut' ? verdict.cut(end.stoodMs) : undefined
        if (found) return { type: 'fallback', why: found }
        if (end.stoodMs >= steadyMs) fallbackMs = firstFallbackMs
        failures = end.stoodMs >= steadyMs ? 1 : failures + 1
        return { type: 'pause', pauseMs: fullJitterMs(failures, random) }
      }
      case 'failed':
        // A browser is not told the status with which an upgrade was refused: the same server, asked, says why.
        return afterProbe(await request(streamSubject('me'), 0, wire, interrupted))
    }
  }

  function afterProbe(answer: PollResponse<unknown>): Next {
    switch (answer.type) {
      case 'interrupted':
        return { type: 'again' }
      case 'signed-out':
      case 'refused':
        return { type: 'over', step: answer }
      case 'failed': {
        verdict.unanswered()
        failures += 1
        const pauseMs = (answer.adviceMs ?? 0) + fullJitterMs(failures, random)
        return { type: 'pause', pauseMs, failed: { problem: answer.problem } }
      }
      default: {
        const found = verdict.refused()
        failures += 1
        return found
          ? { type: 'fallback', why: found }
          : { type: 'pause', pauseMs: fullJitterMs(failures, random) }
      }
    }
  }
}
