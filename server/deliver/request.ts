import type { StartPosition } from '#server/log/feeds.ts'
import type { RevokesAccess } from '#server/log/following.ts'
import type { Cursor } from '#server/log/log.ts'

/** What every delivery is asked for: the entries of a stream after a position, up to one that revokes access to it. */
export type DeliveryRequest = {
  stream: string
  after: StartPosition
  revokesAccess?: RevokesAccess | undefined
}

/** A poll that has a result already: `known` is its cursor, and while it holds there is nothing to send. */
export type PollRequest = DeliveryRequest & { known?: Cursor | undefined }
