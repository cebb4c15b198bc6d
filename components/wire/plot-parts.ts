import type { LaneKind } from '#components/lane/lane-kind.ts'
import { type Exchange, type Gist, gistOf, headerOf, tookMsOf } from './exchange.ts'
import type { Frame } from './frame.ts'
import type { Recording } from './recording.ts'
import { groupOf, requests } from './wire-lines.ts'

/** The lanes that a page's own `fetch` can use. */
type FetchLane = 'short' | 'long' | 'sse'

/** A stretch of wire: dots while the page short-polls, a held request, the life of a stream or a socket, an outage. */
export type Stretch = { kind: LaneKind | 'outage'; fromMs: number; toMs: number; opens: boolean }

/** The mark of a response, of a missing one, of a stream's frame, or of a socket's packet on its rail. */
export type PlotMark = {
  id: string
  kind: LaneKind
  atMs: number
  gist: Gist | 'beat'
  rail?: 'sent' | 'received'
}

export type PlotParts = { stretches: Stretch[]; marks: PlotMark[] }

/**
 * A pause longer than any that the server advises, in ms: the page was not polling (hidden, ended), so no wire is
 * drawn.
 */
const longestPauseMs = 45_000

/** What a plot of polls draws up to `nowMs`: the stretches of wire in order, and the marks on them. */
export function plotParts(exchanges: readonly Exchange[], nowMs: number): PlotParts {
  const polls = exchanges.filter(({ method, listens }) => method === 'GET' && !listens)
  const stretches = polls.flatMap((exchange, n) => stretchesOf(exchange, polls[n + 1], nowMs))
  const marks = polls.flatMap((exchange): PlotMark[] => {
    const tookMs = tookMsOf(exchange)
    if (tookMs === undefined) return []
    const { id, startedAtMs } = exchange
    return [
      { id: `answer ${id}`, kind: laneOf(exchange), atMs: startedAtMs + tookMs, gist: gistOf(exchange) },
    ]
  })
  return { stretches, marks }
}

function stretchesOf(exchange: Exchange, next: Exchange | undefined, nowMs: number): Stretch[] {
  const fromMs = exchange.startedAtMs
  const tookMs = tookMsOf(exchange)
  const endMs = tookMs === undefined ? nowMs : fromMs + tookMs
  if (gistOf(exchange) === 'cut') {
    return [{ kind: 'outage', fromMs, toMs: next?.startedAtMs ?? nowMs, opens: false }]
  }
  const held: Stretch[] = exchange.waitSeconds > 0 ? [{ kind: 'long', fromMs, toMs: endMs, opens: true }] : []
  const restMs = exchange.waitSeconds > 0 ? endMs : fromMs
  const toMs = next?.startedAtMs ?? Math.min(nowMs, dueMs(exchange, endMs))
  // Between two held requests there is no wire; before a short one the page was already counting down.
  const counts = (next ?? exchange).waitSeconds === 0 && toMs > restMs && toMs - restMs < longestPauseMs
  return counts ? [...held, { kind: 'short', fromMs: restMs, toMs, opens: false }] : held
}

/** When the next poll is due by the server's advice; at once if it gave none, because then none follows. */
function dueMs({ outcome }: Exchange, endMs: number): number {
  const advice = outcome.state === 'answered' ? headerOf(outcome.headers, 'retry-after') : undefined
  return endMs + Number(advice ?? 0) * 1_000
}

/** The lane of an exchange: a stream is SSE, a held request is long polling, everything else short polling. */
export function laneOf({ waitSeconds, listens }: Exchange): FetchLane {
  if (listens) return 'sse'
  return waitSeconds > 0 ? 'long' : 'short'
}

const spansMs = [60_000, 120_000, 240_000, 360_000]

/** How far back a plot reaches: the shortest of 1, 2, 4 and 6 minutes that shows everything, else 6. */
export function plotSpanMs(exchanges: readonly Exchange[], nowMs: number): number {
  const ageMs = nowMs - (exchanges[0]?.startedAtMs ?? nowMs)
  return spansMs.find((spanMs) => ageMs <= spanMs * 0.95) ?? 360_000
}

/** One row of the plot: a stream, or the page's polls. */
export type PlotRow = PlotParts & { group: string }

/** What a plot of these groups draws up to `nowMs`, one row each. */
export function plotRows(
  { exchanges, frames }: Recording,
  groups: readonly string[],
  nowMs: number,
): PlotRow[] {
  return groups.map((group) => {
    const own = exchanges.filter((exchange) => groupOf(exchange) === group)
    return { group, ...(group === requests ? plotParts(own, nowMs) : streamParts(own, frames, nowMs)) }
  })
}

/** The same in one row, where there is no room for more. */
export function inOneRow(rows: readonly PlotRow[]): PlotRow[] {
  const stretches = rows.flatMap((row) => row.stretches)
  return [{ group: '', stretches, marks: rows.flatMap((row) => row.marks) }]
}

/**
 * What a plot draws of one stream up to `nowMs`: an unbroken line for as long as a connection lives, a mark for each
 * frame, an outage from a cut to the next attempt. Polls in between, as in a fallback, are drawn as polls.
 */
export function streamParts(
  exchanges: readonly Exchange[],
  frames: readonly Frame[],
  nowMs: number,
): PlotParts {
  const polled = plotParts(exchanges, nowMs)
  const own = new Set(exchanges.map(({ id }) => id))
  const stretches = exchanges.flatMap((exchange, n) => streamStretches(exchange, exchanges[n + 1], nowMs))
  return {
    stretches: [...polled.stretches, ...stretches],
    marks: [
      ...polled.marks,
      ...frames.filter(({ exchangeId }) => own.has(exchangeId)).map(frameMark),
      ...exchanges.flatMap((exchange) => endMark(exchange) ?? []),
    ],
  }
}

function streamStretches(exchange: Exchange, next: Exchange | undefined, nowMs: number): Stretch[] {
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

/** Where a connection was cut or refused; one that the page closed, or that sent `bye`, just ends. */
function endMark(exchange: Exchange): PlotMark | undefined {
  const gist = gistOf(exchange)
  if (!exchange.listens || (gist !== 'cut' && gist !== 'refused')) return undefined
  const atMs = exchange.startedAtMs + (tookMsOf(exchange) ?? 0)
  return { id: `end ${exchange.id}`, kind: 'sse', atMs, gist }
}
