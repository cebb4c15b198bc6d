import type { Exchange, StreamEnd } from './exchange.ts'
import type { Frame } from './frame.ts'
import type { Recording } from './recording.ts'

/** One line of the drawer's list: a request, a frame of its response, or the end of a stream. */
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
  // Events within the same ms keep their causal order.
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

/** All requests that belong to no stream. */
export const requests = 'requests'

const streamPath = /^\/api\/streams\/([^?]+)/

/** The group of an exchange: the name of the stream that it reads, by whichever delivery, or `requests`. */
export function groupOf({ path }: Pick<Exchange, 'path'>): string {
  const [, name] = streamPath.exec(path) ?? []
  return name === undefined ? requests : decodeURIComponent(name)
}

/** The groups in this page's traffic: its own streams, then the bell's, which every page has, then `requests`. */
export function groupsOf(exchanges: readonly Exchange[]): string[] {
  const last = ['me', requests]
  const groups = new Set(exchanges.map(groupOf))
  return [...groups]
    .filter((group) => !last.includes(group))
    .concat(last.filter((group) => groups.has(group)))
}
