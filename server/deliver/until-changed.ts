import type { Feeds } from '#server/log/feeds.ts'
import type { Cursor } from '#server/log/log.ts'
import type { Signal } from '#server/log/waiter.ts'

/**
 * LP4: a polled resource, held: gives `read`'s state as soon as its cursor is not `known`, or the known one when
 * `patience` ends. A stream may move without changing the resource (a payment among others); then it waits on.
 */
export async function untilChanged<State extends { cursor: string }>(
  feeds: Feeds,
  stream: string,
  known: string,
  read: () => Promise<State>,
  patience: Signal,
): Promise<State> {
  for (;;) {
    const place: Cursor = await feeds.open(stream)
    const state = await read()
    if (state.cursor !== known) return state
    if (!(await feeds.moved(stream, place, patience))) return state
  }
}
