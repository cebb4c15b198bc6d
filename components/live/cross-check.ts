import type { WirePage } from '#server/protocol/streams.ts'
import { urlOf } from './clients/client.ts'
import { isBeyond } from './position.ts'
import { request, type Wire } from './request.ts'

/** Which connection saw news first: the bell's, or the page's own. */
type Teller = 'bell' | 'page'

const listeners: Record<Teller, Set<(streams: readonly string[]) => void>> = {
  bell: new Set(),
  page: new Set(),
}

/** Tells this tab's other connections that something happened on these streams: `loan:L-7`, `account`, `feed`. */
export function tellNews(by: Teller, streams: readonly string[]): void {
  for (const listener of listeners[by]) listener(streams)
}

/** Calls `listener` until the returned function is called. */
export function onNews(by: Teller, listener: (streams: readonly string[]) => void): () => void {
  listeners[by].add(listener)
  return () => listeners[by].delete(listener)
}

/** A stream that a connection delivers. */
export type CheckedStream = {
  name: string
  /** Its position; undefined while unknown. */
  cursor(): string | undefined
  /** Whether the connection claims to be up. */
  isLive(): boolean
  /** Reconnects from the cursor. */
  tryNow(): void
}

/** How much later than the poll the connection may deliver, in ms. */
const graceMs = 1_000
/** The minimum time between two checks, in ms. */
const restMs = 2_000

/**
 * Checks a stream's connection when another connection reports news of the stream. A connection that is down retries at
 * once. One that is up gets a second to deliver what a poll has found, or it reconnects.
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
