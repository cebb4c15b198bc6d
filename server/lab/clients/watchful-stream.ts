import { createBufferingDetector } from '#server/protocol/buffering.ts'
import type { ClientEvent, LabClient, OpenClient } from './client.ts'
import { seqOf } from './client-position.ts'
import { openEventStream } from './event-stream.ts'
import { openLongPoll } from './long-poll.ts'

const lookEveryMs = 50

/**
 * An event stream that checks for buffering when it opens, by the rule of the pages: it polls alongside, opens a new
 * stream when the poll is answered first, and switches to long polling when that stream is silent too. `fellBack` is
 * called when it switches.
 */
export function openWatchfulStream(fellBack: () => void): OpenClient {
  return ({ after, letIn, ...options }, hear) => {
    const detector = createBufferingDetector()
    const opened: LabClient[] = []
    let cursor = after
    let silentSinceMs = performance.now()
    let stream = open(openEventStream, letIn)
    let poll: LabClient | undefined
    const watch = setInterval(look, lookEveryMs)

    function open(client: OpenClient, onLetIn: () => void = () => undefined): LabClient {
      const position = cursor !== undefined && { after: cursor }
      const started = client({ ...options, ...position, letIn: onLetIn }, take)
      opened.push(started)
      return started
    }

    /** The stream and the poll beside it may both deliver an entry. */
    function take(event: ClientEvent) {
      if (event.type === 'entry' && cursor !== undefined && seqOf(event.cursor) <= seqOf(cursor)) return
      if (event.type === 'entry') cursor = event.cursor
      if (event.type === 'reset') cursor = event.head
      hear(event)
    }

    function look() {
      const nowMs = performance.now()
      if (stream.isOpen()) {
        silentSinceMs = nowMs
        poll?.close()
        poll = undefined
      } else if (!poll && nowMs - silentSinceMs >= detector.openingPatienceMs) {
        poll = open(openLongPoll, answered)
      }
    }

    /** The network is up, so something is buffering the stream. */
    function answered() {
      stream.close()
      if (detector.silentAtOpening() === 'suspicion') {
        poll?.close()
        poll = undefined
        detector.opened()
        silentSinceMs = performance.now()
        stream = open(openEventStream)
      } else {
        clearInterval(watch)
        fellBack()
      }
    }

    return {
      isOpen: () => stream.isOpen() || (poll?.isOpen() ?? false),
      close() {
        clearInterval(watch)
        for (const client of opened) client.close()
      },
      counts: () =>
        opened
          .map((client) => client.counts())
          .reduce((sum, each) => ({
            requests: sum.requests + each.requests,
            empty: sum.empty + each.empty,
            refused: sum.refused + each.refused,
            reconnects: sum.reconnects + each.reconnects + 1,
            bytesUp: sum.bytesUp + each.bytesUp,
            bytesDown: sum.bytesDown + each.bytesDown,
          })),
    }
  }
}
