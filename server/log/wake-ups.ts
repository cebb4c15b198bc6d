import type { Backplane } from '#server/backplane/backplane.ts'
import type { Committed } from './log-writer.ts'

/** What this node receives from the others. May repeat. */
type Heard = {
  moved(stream: string, seq: number): void
  rewritten(stream: string, seq: number): void
  /** More has changed than was worth listing. */
  muchChanged(): void
}

export type WakeUps = {
  /** Notifies the other nodes. While waiting to be sent, only the highest seq of each stream is kept. */
  tell(work: Pick<Committed, 'moved' | 'rewritten'>): void
  /**
   * Receives wake-ups of a stream from when this resolves (after at most 200 ms) until the returned function is called.
   */
  listen(stream: string): Promise<() => void>
  /** The same for every account's stream. */
  listenToAccounts(): Promise<() => void>
}

/** When more streams than this have moved at once, the message only says so, and receivers look themselves. */
const mostStreams = 10_000
const accounts = 'account:'

/**
 * The wake-ups of the log on the backplane: on `log:<stream>` its newest seq, or `rewritten <seq>`; on `accounts`
 * `<stream> <seq>`, for those who follow every account; on `check` an empty message.
 */
export function createWakeUps(backplane: Backplane, heard: Heard): WakeUps {
  let moved = new Map<string, number>()
  let rewritten = new Map<string, number>()
  let isTooMuch = false
  let sending = false
  void backplane.subscribe('check', heard.muchChanged)

  async function send() {
    sending = true
    while (moved.size + rewritten.size > 0 || isTooMuch) {
      const news = { moved, rewritten }
      moved = new Map()
      rewritten = new Map()
      if (isTooMuch) backplane.publish('check', '')
      isTooMuch = false
      publish(news)
      await backplane.sent()
    }
    sending = false
  }

  function publish(news: { moved: Map<string, number>; rewritten: Map<string, number> }) {
    for (const [stream, seq] of news.rewritten) backplane.publish(`log:${stream}`, `rewritten ${seq}`)
    for (const [stream, seq] of news.moved) {
      backplane.publish(`log:${stream}`, String(seq))
      if (stream.startsWith(accounts)) backplane.publish('accounts', `${stream} ${seq}`)
    }
  }

  return {
    tell(work) {
      for (const { stream, seq } of work.rewritten) keepHighest(rewritten, stream, seq)
      for (const { stream, seq } of work.moved) keepHighest(moved, stream, seq)
      if (moved.size + rewritten.size > mostStreams) {
        isTooMuch = true
        moved.clear()
        rewritten.clear()
      }
      if (!sending) void send()
    },
    listen: (stream) =>
      backplane.subscribe(`log:${stream}`, (message) => {
        const [, rewrite, digits] = /^(rewritten )?(\d+)$/.exec(message) ?? []
        const seq = seqOf(digits)
        if (seq === undefined) return
        if (rewrite) heard.rewritten(stream, seq)
        else heard.moved(stream, seq)
      }),
    listenToAccounts: () =>
      backplane.subscribe('accounts', (message) => {
        const [, stream, digits] = /^(account:\S+) (\d+)$/.exec(message) ?? []
        const seq = seqOf(digits)
        if (stream !== undefined && seq !== undefined) heard.moved(stream, seq)
      }),
  }
}

function keepHighest(seqs: Map<string, number>, stream: string, seq: number) {
  if (seq > (seqs.get(stream) ?? 0)) seqs.set(stream, seq)
}

/**
 * Anyone who can write to the engine can send anything: a feed told to wait for a seq that is not a number would wait
 * forever.
 */
function seqOf(digits: string | undefined): number | undefined {
  const seq = Number(digits)
  return Number.isSafeInteger(seq) ? seq : undefined
}
