import { retryAfterMs } from '#components/live/request.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import type { LaneEvent, LaneGoing } from './lane.ts'
import { headOf, rawFetch } from './raw-exchange.ts'

/** Where a poll stands: the cursor, and the tag of what it was answered there before. */
export type Place = { cursor?: string; tag?: string }

export type PageAnswer = { type: 'all' | 'more' } | { type: 'failed'; adviceMs: number }

/** How late an answer may be, in ms. */
const graceMs = 10_000

/**
 * Asks for what comes after `place` and moves it on. `waitSeconds` is asked for in the address, and not by `Prefer`,
 * for which a browser asks the other origin's leave before each new address. The tag goes along only when the same
 * address is asked again, for the same reason.
 */
export async function askPage(
  place: Place,
  waitSeconds: number,
  going: LaneGoing,
  tell: (event: LaneEvent) => void,
  left: AbortSignal,
): Promise<PageAnswer> {
  const signal = AbortSignal.any([left, AbortSignal.timeout(waitSeconds * 1_000 + graceMs)])
  const query = [
    ...(place.cursor ? [`after=${place.cursor}`] : []),
    ...(waitSeconds ? [`wait=${waitSeconds}`] : []),
  ]
  const path = `/api/streams/${encodeURIComponent(going.stream)}${query.length > 0 ? `?${query.join('&')}` : ''}`
  const headers = { Accept: 'application/json', ...(place.tag && { 'If-None-Match': place.tag }) }
  try {
    const response = await rawFetch(going, { path, headers }, tell, signal)
    const body = await response.text()
    const page = response.status === 200 ? (JSON.parse(body) as WirePage) : undefined
    const atMs = going.now()
    const text = `${headOf(response)}\n${body}`
    const seqs = page && seqsOf(page.entries)
    tell({ type: 'line', atMs, line: { atMs, direction: 'down', text, ...(seqs && { seqs }) } })
    return answered(response, body, page, place, (event) => tell({ ...event, atMs }))
  } catch {
    // Cut, silent or unreadable: for a lane the same, and there is no answer to take a reason from.
    if (!left.aborted) tell({ type: 'lost', atMs: going.now() })
    return { type: 'failed', adviceMs: 0 }
  }
}

/** First and last of entries that came together. */
export function seqsOf(entries: readonly Pick<WireEntry, 'seq'>[]): readonly [number, number] | undefined {
  const [first, last] = [entries[0], entries.at(-1)]
  return first && last && [first.seq, last.seq]
}

type Untimed<Event> = Event extends LaneEvent ? Omit<Event, 'atMs'> : never

function answered(
  { status, headers }: Response,
  body: string,
  page: WirePage | undefined,
  place: Place,
  tell: (event: Untimed<LaneEvent>) => void,
): PageAnswer {
  if (page) {
    place.tag = page.next === place.cursor ? (headers.get('etag') ?? undefined) : undefined
    place.cursor = page.next
    if (page.entries.length > 0) tell({ type: 'entries', entries: page.entries })
    else tell({ type: 'empty' })
    if (page.more) return { type: 'more' }
    tell({ type: 'open' })
    return { type: 'all' }
  }
  if (status === 204 || status === 304) {
    tell({ type: 'empty' })
    tell({ type: 'open' })
    return { type: 'all' }
  }
  if (status === 410) {
    const { head = '' } = JSON.parse(body) as Problem
    place.cursor = head
    place.tag = undefined
    tell({ type: 'reset', headSeq: Number(head.slice(head.indexOf('.') + 1)) })
    return { type: 'more' }
  }
  tell({ type: 'lost' })
  return { type: 'failed', adviceMs: retryAfterMs(headers, Date.now()) ?? 0 }
}
