import { type Exchange, type Gist, gistOf, tookMsOf } from './exchange.ts'

/** A stretch of wire: dots while the page asks now and then, a held request as its true segment, an outage. */
export type Stretch = { kind: 'short' | 'long' | 'outage'; fromMs: number; toMs: number; opens: boolean }

/** The mark of one answer, or of its absence. */
export type PlotMark = { id: number; kind: 'short' | 'long'; atMs: number; gist: Gist }

/** A pause longer than any the server advises: the page was not asking (hidden, ended), so no wire is drawn. */
const longestPauseMs = 45_000

/** What a plot of polls draws up to `nowMs`: the stretches of wire in order, and the marks on them. */
export function plotParts(exchanges: readonly Exchange[], nowMs: number, ended: boolean) {
  const polls = exchanges.filter(({ method }) => method === 'GET')
  const marks = polls.flatMap((exchange): PlotMark[] => {
    const tookMs = tookMsOf(exchange)
    if (tookMs === undefined) return []
    const { id, startedAtMs, waitSeconds } = exchange
    return [
      { id, kind: waitSeconds > 0 ? 'long' : 'short', atMs: startedAtMs + tookMs, gist: gistOf(exchange) },
    ]
  })
  const stretches = polls.flatMap((exchange, n): Stretch[] => {
    const { startedAtMs: fromMs, waitSeconds } = exchange
    const endMs = fromMs + (tookMsOf(exchange) ?? nowMs - fromMs)
    const next = polls[n + 1]
    const nextMs = next?.startedAtMs ?? (ended ? endMs : nowMs)
    const cut = gistOf(exchange) === 'cut'
    const parts: Stretch[] = []
    if (cut) return [{ kind: 'outage', fromMs, toMs: nextMs, opens: false }]
    if (waitSeconds > 0) parts.push({ kind: 'long', fromMs, toMs: endMs, opens: true })
    const restMs = waitSeconds > 0 ? endMs : fromMs
    // Between two held asks there is no wire at all; before a short one the page was already counting down.
    const counting = next ? next.waitSeconds === 0 : waitSeconds === 0
    if (counting && nextMs - restMs < longestPauseMs) {
      parts.push({ kind: 'short', fromMs: restMs, toMs: nextMs, opens: false })
    }
    return parts
  })
  return { stretches, marks }
}

const spansMs = [60_000, 120_000, 240_000, 360_000]

/** How far back a plot reaches: the least of 1, 2, 4 and 6 minutes that shows all, else 6. */
export function plotSpanMs(exchanges: readonly Exchange[], nowMs: number): number {
  const ageMs = nowMs - (exchanges[0]?.startedAtMs ?? nowMs)
  return spansMs.find((spanMs) => ageMs <= spanMs * 0.95) ?? 360_000
}
