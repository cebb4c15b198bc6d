import type { StartPosition } from '#server/log/feeds.ts'
import type { RevokesAccess } from '#server/log/following.ts'
import type { Cursor } from '#server/log/log.ts'

/** What every delivery is given: a stream, a start position, and the entry that would revoke access to it. */
export type DeliveryRequest = {
  stream: string
  after: StartPosition
  revokesAccess?: RevokesAccess | undefined
}

/** A poll with an earlier result: `known` is its cursor, and while that is current there is nothing to send. */
export type PollRequest = DeliveryRequest & { known?: Cursor | undefined }
