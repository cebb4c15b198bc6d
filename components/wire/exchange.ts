import type { WireExchange } from '#server/protocol/exchanges.ts'

export type Header = readonly [name: string, value: string]

/** The state of one exchange: open, answered, cut (no response came) or cancelled by the page. */
export type Outcome =
  | { state: 'open' }
  | { state: 'answered'; status: number; statusText: string; headers: Header[]; text: string; tookMs: number }
  | { state: 'cut' | 'let-go'; tookMs: number }

/** How a stream ended: by the server, cut on the way, or closed by the page. */
export type StreamEnd = 'ended' | 'cut' | 'let-go'

/** The response to an exchange that is a stream, as far as it has arrived. */
export type StreamSoFar = {
  /** This page had followed the same stream before. */
  again: boolean
  openedAtMs: number
  frames: number
  /** Of the body as received, without the response's headers and chunk framing. */
  bytes: number
  /** Absent while the stream is open. */
  closed?: { by: StreamEnd; atMs: number }
}

/** One request of this page and its result. */
export type Exchange = {
  /** Counts up within the page. */
  id: number
  method: string
  /** Including the query. */
  path: string
  /** Epoch ms. */
  startedAtMs: number
  /** The same instant on the clock of `performance`, which identifies the browser's own timing entry. */
  startedTicks: number
  /** How long the server was asked to hold the response; 0 for a short poll and everything else. */
  waitSeconds: number
  /** Whether it requested an event stream. */
  listens: boolean
  sent: Header[]
  outcome: Outcome
  /** Present once the response has turned out to be an event stream. */
  stream?: StreamSoFar
  /** From Resource Timing: finer times than a script can measure, an estimate of the bytes, the ALPN name. */
  timing?: { tookMs: number; transferBytes: number; protocol: string }
  /** The server's own counts; absent until `/api/wire` has returned them. */
  counted?: Pick<WireExchange, 'bytesIn' | 'bytesOut' | 'queries' | 'open'>
}

/** The value of a header, by its lower-case name. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([own]) => own === name)?.[1]
}

/** How long it took, in ms; undefined while it is open. */
export function tookMsOf({ outcome, timing, stream, startedAtMs }: Exchange): number | undefined {
  if (stream) return stream.closed && stream.closed.atMs - startedAtMs
  return outcome.state === 'open' ? undefined : (timing?.tookMs ?? outcome.tookMs)
}

/** The server's id of an answered exchange. */
export function requestIdOf({ outcome }: Exchange): string | undefined {
  return outcome.state === 'answered' ? headerOf(outcome.headers, 'x-request-id') : undefined
}

/** The result of an exchange for the reader: news, nothing new, a refusal, no response, or a stream that has ended. */
export type Gist = 'open' | 'news' | 'same' | 'refused' | 'cut' | 'let-go' | 'ended'

export function gistOf({ outcome, stream }: Exchange): Gist {
  if (stream) return stream.closed?.by ?? 'open'
  if (outcome.state !== 'answered') return outcome.state
  if (outcome.status === 304 || outcome.status === 204) return 'same'
  return outcome.status < 400 ? 'news' : 'refused'
}
