import type { Problem } from '#server/protocol/problems.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { type ClientEvent, type ClientOptions, type LabClient, Usage } from './client.ts'
import { ClientPosition, refusalFromResponse } from './client-position.ts'
import { ParseCache } from './frame-reader.ts'
import { answerMs, HttpConnection, streamRequest } from './http-connection.ts'
import type { ResponseHead } from './response-reader.ts'

/**
 * How a client polls: how long it asks to be held, the delay of the next poll once it has caught up, and how long after
 * its wait a response may arrive before the connection counts as dead.
 */
type PollOptions = { waitSeconds: number; nextInMs(): number; lateMs?: number }

/** Short and long polling: polls after its cursor on one keep-alive connection. */
export function openPoller(
  going: ClientOptions,
  hear: (heard: ClientEvent) => void,
  manner: PollOptions,
): LabClient {
  const { lateMs = answerMs } = manner
  const usage = new Usage()
  const place = new ClientPosition(going)
  const line = new HttpConnection(going, usage, { answered, lost })
  let etag: string | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function ask() {
    const { cursor } = place
    // Ask to be held only at the head: a poll held at `now` that ends without entries returns no cursor to continue
    // from (C5).
    const waitSeconds = place.isOpen ? manner.waitSeconds : 0
    const fields = {
      'if-none-match': manner.waitSeconds > 0 ? undefined : etag,
      prefer: waitSeconds > 0 ? `wait=${waitSeconds}` : undefined,
    }
    line.ask(streamRequest(going, cursor, fields), waitSeconds * 1_000 + lateMs)
  }

  function askIn(ms: number) {
    if (isClosed) return
    if (ms > 0) timer = setTimeout(ask, ms)
    else ask()
  }

  function answered(head: ResponseHead, body: Buffer) {
    if (head.status < 400 || head.status === 410) place.reconnect.succeeded()
    switch (head.status) {
      case 200:
        etag = head.field('etag')
        return take(pages.said(body))
      case 204:
      case 304:
        usage.empty += 1
        place.opened()
        return askIn(manner.nextInMs())
      case 410:
        return reset(JSON.parse(body.toString()))
      default: {
        const { heard, isFinal, adviceMs } = refusalFromResponse(head, body)
        usage.refused += 1
        place.lost()
        hear(heard)
        if (isFinal) close()
        else askIn(place.reconnect.pauseMs({ type: 'failed', adviceMs }))
      }
    }
  }

  function take({ page, heard }: ReadPage) {
    if (heard.length === 0) usage.empty += 1
    place.cursor = page.next
    for (const each of heard) hear(each)
    if (!page.more && !isClosed) place.opened()
    askIn(page.more ? 0 : manner.nextInMs())
  }

  function reset({ head = '', reason = 'epoch' }: Problem) {
    place.cursor = head
    etag = undefined
    hear({ type: 'reset', head, reason })
    askIn(0)
  }

  function lost() {
    place.lost()
    askIn(place.reconnect.pauseMs({ type: 'failed' }))
  }

  function close() {
    isClosed = true
    clearTimeout(timer)
    place.lost()
    line.cut()
  }

  ask()
  return { counts: () => usage.counts(), isOpen: () => place.isOpen, close }
}

type ReadPage = { page: WirePage; heard: ClientEvent[] }

const pages = new ParseCache((bytes): ReadPage => {
  const page = JSON.parse(bytes.toString()) as WirePage
  const epoch = page.next.slice(0, page.next.indexOf('.'))
  return {
    page,
    heard: page.entries.map((entry) => ({ type: 'entry', entry, cursor: `${epoch}.${entry.seq}` })),
  }
})
