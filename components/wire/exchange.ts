import type { WireExchange } from '#server/protocol/exchanges.ts'

export type Header = readonly [name: string, value: string]

/** How one exchange stands: still out, answered, cut (no answer came) or let go by the page itself. */
export type Outcome =
  | { state: 'open' }
  | { state: 'answered'; status: number; statusText: string; headers: Header[]; text: string; tookMs: number }
  | { state: 'cut' | 'let-go'; tookMs: number }

/** How a stream came to its end: by the server, cut on its way, or let go by the page itself. */
export type StreamEnd = 'ended' | 'cut' | 'let-go'

/** The answer to an exchange that is a stream, as far as it has come. */
export type StreamSoFar = {
  /** This page had followed the same stream before. */
  again: boolean
  openedAtMs: number
  frames: number
  /** Of the body as it came, without the answer's head and the chunks' framing. */
  bytes: number
  /** Absent while the stream is open. */
  closed?: { by: StreamEnd; atMs: number }
}

/** One request of this page and what came of it. */
export type Exchange = {
  /** Counts up within the page. */
  id: number
  method: string
  /** With the query. */
  path: string
  /** Epoch ms. */
  startedAtMs: number
  /** The same instant on the clock of `performance`, by which the browser's own account is found. */
  startedTicks: number
  /** How long the server was asked to hold the answer; 0 for a short poll and everything else. */
  waitSeconds: number
  /** It asked for an event stream. */
  listens: boolean
  sent: Header[]
  outcome: Outcome
  /** Present once the answer has turned out to be an event stream. */
  stream?: StreamSoFar
  /** The browser's own account (Resource Timing): finer times than a script's, bytes by a rule of thumb, the ALPN name. */
  timing?: { tookMs: number; transferBytes: number; protocol: string }
  /** The server's own counts; absent until `/api/wire` has told them. */
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

/** The server's name for an answered exchange. */
export function requestIdOf({ outcome }: Exchange): string | undefined {
  return outcome.state === 'answered' ? headerOf(outcome.headers, 'x-request-id') : undefined
}

/** What an exchange was to the reader: news, nothing new, a refusal, no answer, or a stream that has ended. */
export type Gist = 'open' | 'news' | 'same' | 'refused' | 'cut' | 'let-go' | 'ended'

export function gistOf({ outcome, stream }: Exchange): Gist {
  if (stream) return stream.closed?.by ?? 'open'
  if (outcome.state !== 'answered') return outcome.state
  if (outcome.status === 304 || outcome.status === 204) return 'same'
  return outcome.status < 400 ? 'news' : 'refused'
}
