import type { PlainRequest } from './plain-request.ts'

/** The parts of a request for an event stream that serving it needs. Header names are in lower case. */
export type StreamRequest = {
  path: string
  name: string
  after: string | undefined
  headers: Readonly<Record<string, string>>
}

const streamPath = /^\/api\/streams\/([A-Za-z0-9:_-]+)(?:\?after=([0-9a-z.]+))?$/

/** Parses a request for an event stream; undefined for anything that is not plainly one. */
export function toStreamRequest({ url, headers }: PlainRequest): StreamRequest | undefined {
  const [, name, after] = streamPath.exec(url) ?? []
  if (name === undefined || !wantsStream(headers.accept)) return undefined
  return { path: url, name, after, headers }
}

const eventStream = /(?:^|,)\s*text\/event-stream\s*(;[^,]*)?(?=$|,)/i

/** Whether `Accept` includes an event stream (RFC 9110, section 12.5.1); not with a weight of 0. */
export function wantsStream(accept: string | undefined): boolean {
  const found = accept === undefined ? null : eventStream.exec(accept)
  return found !== null && !/;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(found[1] ?? '')
}
