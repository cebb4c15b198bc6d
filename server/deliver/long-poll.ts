import type { Feeds } from '#server/log/feeds.ts'
import { formatCursor } from '#server/log/log.ts'
import type { Signal } from '#server/log/waiter.ts'
import { encodePage, type PollResult } from './encode/page.ts'
import type { PollRequest } from './request.ts'
import { endsAt, readablePage } from './short-poll.ts'

/**
 * Long polling is the read of a short poll, repeated each time the stream moves: LP1 until it brings something, LP2 or
 * until `patience` is aborted. One promise per request, where followers are handed batches.
 */
export async function longPoll(feeds: Feeds, request: PollRequest, patience: Signal): Promise<PollResult> {
  const { stream, known } = request
  let { after } = request
  for (;;) {
    const batch = await feeds.read(stream, after)
    const page = readablePage(request, batch)
    const isNews = known ? !endsAt(page, known) : page.type === 'reset' || page.entries.length > 0
    if (isNews) return encodePage(page)
    // Asked again, `now` would be after what has just come.
    if (after === 'now') after = batch.head
    if (await feeds.moved(stream, batch.head, patience)) continue
    await assertFresh(feeds, stream)
    return { state: 'not-modified', next: known && formatCursor(known) }
  }
}

/**
 * LP4: the same for a polled resource: reads it until its cursor is not `known`. The stream may move without changing
 * the resource (another payment of the loan); then it waits on.
 */
export async function longPollResource<State extends { cursor: string }>(
  feeds: Feeds,
  stream: string,
  known: string,
  read: () => Promise<State>,
  patience: Signal,
): Promise<State> {
  for (;;) {
    const head = await feeds.open(stream)
    const state = await read()
    if (state.cursor !== known) return state
    if (await feeds.moved(stream, head, patience)) continue
    await assertFresh(feeds, stream)
    return state
  }
}

/** P3: throws `LogUnavailable` when "not modified" would be a guess. Costs nothing while the log was seen lately. */
async function assertFresh(feeds: Feeds, stream: string): Promise<void> {
  await feeds.open(stream)
}
