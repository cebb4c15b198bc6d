import type { Exchange, StreamEnd } from './exchange.ts'
import type { Frame } from './frame.ts'
import type { Recording } from './recording.ts'
import { groupOf } from './wire-group.ts'

/** One line of the drawer's list: a request, a frame of its answer, or the end of a stream. */
export type WireLine = { key: string; atMs: number; exchange: Exchange } & (
  | { type: 'request' }
  | { type: 'frame'; frame: Frame }
  | { type: 'end'; by: StreamEnd }
)

/** The lines of one group, or of all of them, newest first. */
export function wireLines({ exchanges, frames }: Recording, group?: string): WireLine[] {
  const chosen = exchanges.filter((exchange) => group === undefined || groupOf(exchange) === group)
  const byId = new Map(chosen.map((exchange) => [exchange.id, exchange]))
  const lines = [
    ...chosen.map(requestLine),
    ...frames.flatMap((frame) => frameLine(frame, byId.get(frame.exchangeId)) ?? []),
    ...chosen.flatMap((exchange) => endLine(exchange) ?? []),
  ]
  // What happened within the same ms stays in the order in which it must have happened.
  return lines.sort((a, b) => a.atMs - b.atMs).reverse()
}

function requestLine(exchange: Exchange): WireLine {
  return { type: 'request', key: `request ${exchange.id}`, atMs: exchange.startedAtMs, exchange }
}

function frameLine(frame: Frame, exchange: Exchange | undefined): WireLine | undefined {
  return exchange && { type: 'frame', key: `frame ${frame.n}`, atMs: frame.atMs, frame, exchange }
}

function endLine(exchange: Exchange): WireLine | undefined {
  const closed = exchange.stream?.closed
  return closed && { type: 'end', key: `end ${exchange.id}`, atMs: closed.atMs, by: closed.by, exchange }
}
