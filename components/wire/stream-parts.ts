import { type Exchange, gistOf, tookMsOf } from './exchange.ts'
import type { Frame } from './frame.ts'
import { type PlotMark, type PlotParts, plotParts, type Stretch } from './plot-parts.ts'

/**
 * What a plot draws of one stream up to `nowMs`: an unbroken line as long as a connection lives, a mark for each frame,
 * an outage from a cut to the next attempt. What was polled in between, as a fallback is, is drawn as the poll it is.
 */
export function streamParts(
  exchanges: readonly Exchange[],
  frames: readonly Frame[],
  nowMs: number,
): PlotParts {
  const polled = plotParts(exchanges, nowMs)
  const own = new Set(exchanges.map(({ id }) => id))
  const stretches = exchanges.flatMap((exchange, n) => stretchesOf(exchange, exchanges[n + 1], nowMs))
  return {
    stretches: [...polled.stretches, ...stretches],
    marks: [
      ...polled.marks,
      ...frames.filter(({ exchangeId }) => own.has(exchangeId)).map(frameMark),
      ...exchanges.flatMap((exchange) => endMark(exchange) ?? []),
    ],
  }
}

function stretchesOf(exchange: Exchange, next: Exchange | undefined, nowMs: number): Stretch[] {
  if (!exchange.listens) return []
  const { stream, startedAtMs } = exchange
  const gist = gistOf(exchange)
  const endMs = stream ? (stream.closed?.atMs ?? nowMs) : startedAtMs
  const line: Stretch[] = stream ? [{ kind: 'sse', fromMs: stream.openedAtMs, toMs: endMs, opens: true }] : []
  if (gist !== 'cut' && gist !== 'refused') return line
  return [...line, { kind: 'outage', fromMs: endMs, toMs: next?.startedAtMs ?? nowMs, opens: false }]
}

function frameMark({ n, atMs, kind }: Frame): PlotMark {
  const gist = kind === 'entry' ? 'news' : kind === 'beat' || kind === 'other' ? 'beat' : 'same'
  return { id: `frame ${n}`, kind: 'sse', atMs, gist }
}

/** Where a connection was cut or refused; one that the page let go, or that said goodbye, just ends. */
function endMark(exchange: Exchange): PlotMark | undefined {
  const gist = gistOf(exchange)
  if (!exchange.listens || (gist !== 'cut' && gist !== 'refused')) return undefined
  const atMs = exchange.startedAtMs + (tookMsOf(exchange) ?? 0)
  return { id: `end ${exchange.id}`, kind: 'sse', atMs, gist }
}
