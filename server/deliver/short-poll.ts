import type { Feeds } from '#server/log/feeds.ts'
import { upToRevocation } from '#server/log/following.ts'
import type { Batch } from '#server/log/log.ts'
import { formatCursor } from '#server/log/log.ts'
import { encodePage, type PollResult } from './encode/page.ts'
import type { PollRequest } from './request.ts'

/** Short polling is one read: what comes after the position (SP1), or that the last result is still current (SP2). */
export async function shortPoll(feeds: Feeds, request: PollRequest): Promise<PollResult> {
  return resultOf(request, await feeds.read(request.stream, request.after))
}

/** The result of a poll that read this batch. */
export function resultOf(request: PollRequest, batch: Batch): PollResult {
  const { known } = request
  const page = readablePage(request, batch)
  return known && endsAt(page, known)
    ? { state: 'not-modified', next: formatCursor(known) }
    : encodePage(page)
}

/** The part of a batch that this request may see. */
export function readablePage({ revokesAccess }: PollRequest, batch: Batch): Batch {
  return (revokesAccess && upToRevocation(batch, revokesAccess)) ?? batch
}

/** Whether a page ends at `known`, so that the client already has all of it. */
export function endsAt(page: Batch, known: PollRequest['known']): boolean {
  return page.type === 'entries' && page.next.seq === known?.seq && page.next.epoch === known.epoch
}
