import type { WirePage } from '#server/protocol/streams.ts'
import { urlOf } from './clients/client.ts'
import { isBeyond } from './position.ts'
import { request, type Wire } from './request.ts'

/** Who has news: the bell of what the page shows, or the page of what the bell tells. */
type Teller = 'bell' | 'page'

const listeners: Record<Teller, Set<(streams: readonly string[]) => void>> = {
  bell: new Set(),
  page: new Set(),
}

/** Tells the other connections of this tab that something has happened on these streams: `loan:L-7`, `account`, `feed`. */
export function tellNews(by: Teller, streams: readonly string[]): void {
  for (const listener of listeners[by]) listener(streams)
}

/** Hears of it until the answer is called. */
export function onNews(by: Teller, listener: (streams: readonly string[]) => void): () => void {
  listeners[by].add(listener)
  return () => listeners[by].delete(listener)
}

/** A stream that a connection brings. */
export type CheckedStream = {
  name: string
  /** How far it has been brought; nothing while that is not known. */
  cursor(): string | undefined
  /** The connection says that it stands. */
  isLive(): boolean
  /** Connects anew, from the cursor. */
  tryNow(): void
}

/** How long the connection may be later than the poll, in ms. */
const graceMs = 1_000
/** How long a check is good for, in ms, while there is more and more news. */
const restMs = 2_000

/**
 * A check to make when something has happened on the stream that another connection told of: while the connection is
 * down it tries now; while it stands, the stream is polled once, and what it lacks a second later has it connect anew.
 */
export function streamCheck(stream: CheckedStream, wire: Wire, signal: AbortSignal): () => void {
  let checking = false
  let again = false

  async function run() {
    checking = true
    do {
      again = false
      if (!stream.isLive()) stream.tryNow()
      else if (await isMissing()) stream.tryNow()
      await wire.clock.sleep(restMs, signal)
    } while (again && !signal.aborted)
    checking = false
  }

  async function isMissing(): Promise<boolean> {
    const after = stream.cursor()
    if (after === undefined || after === 'now') return false
    const answer = await request<WirePage>({ url: urlOf({ name: stream.name, after }) }, 0, wire, signal)
    if (answer.type !== 'changed' || !isBeyond(answer.value.next, after)) return false
    await wire.clock.sleep(graceMs, signal)
    return !signal.aborted && stream.isLive() && isBeyond(answer.value.next, stream.cursor() ?? after)
  }

  return () => {
    if (signal.aborted) return
    if (checking) again = true
    else void run()
  }
}
