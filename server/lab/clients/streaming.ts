import type { StreamBye } from '#server/protocol/streams.ts'
import { type ClientEvent, type ClientOptions, type LabClient, Usage } from './client.ts'
import { ClientPosition, refusalFromResponse } from './client-position.ts'
import { type Frame, FrameReader } from './frame-reader.ts'
import { answerMs, HttpConnection, streamRequest } from './http-connection.ts'
import type { ResponseHead } from './response-reader.ts'

/** Whether a client resumes from what it has heard and mistrusts silence, as ours does, or neither. */
type StreamBehavior = 'ours' | 'naive'

const beatsOfSilence = 2.5
/** What browsers wait when a stream names no `retry`. */
const plainRetryMs = 3_000
/** About the longest that a timer can wait. */
const foreverMs = 2 ** 31 - 1

/** Follows a stream of events, and opens it anew whenever it ends. */
export function openStreaming(
  going: ClientOptions,
  hear: (heard: ClientEvent) => void,
  manner: StreamBehavior,
): LabClient {
  const usage = new Usage()
  const place = new ClientPosition(going)
  const line = new HttpConnection(going, usage, { piece, answered, lost })
  let frames = new FrameReader()
  let lastEventId: string | undefined
  /** Where the open stream began: its head then. */
  let head: string | undefined
  let retryMs = plainRetryMs
  let bye: StreamBye | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  function ask() {
    const after = lastEventId === undefined ? place.cursor : undefined
    const fields = { accept: 'text/event-stream', 'last-event-id': lastEventId }
    frames = new FrameReader()
    line.ask(streamRequest(going, after, fields), answerMs)
  }

  function askIn(ms: number) {
    if (!isClosed) timer = setTimeout(ask, ms)
  }

  function piece({ status }: ResponseHead, bytes: Buffer): boolean {
    if (status !== 200) return false
    for (const frame of frames.read(bytes)) if (!isClosed) take(frame)
    return true
  }

  function take(frame: Frame) {
    if (frame.id !== undefined) {
      place.cursor = frame.id
      if (manner === 'ours') lastEventId = frame.id
    }
    switch (frame.type) {
      case 'heard':
        hear(frame.heard)
        break
      case 'ready':
        head = frame.head
        retryMs = frame.retryMs ?? retryMs
        line.bePatient(manner === 'ours' ? frame.beatMs * beatsOfSilence : foreverMs)
        break
      case 'bye':
        bye = frame
    }
    if (head === undefined || isClosed || !place.reaches(head)) return
    head = undefined
    place.opened()
  }

  /** A stream has no last frame: what is answered to the end is a refusal, or a stream that was ended. */
  function answered(answer: ResponseHead, body: Buffer) {
    line.cut()
    if (answer.status === 200) return lost()
    const { heard, isFinal, adviceMs } = refusalFromResponse(answer, body)
    usage.refused += 1
    place.lost()
    hear(heard)
    // An `EventSource` never comes back from an answer that is not 200.
    if (isFinal || manner === 'naive') close()
    else askIn(place.reconnect.pauseMs({ type: 'failed', adviceMs }))
  }

  function lost() {
    place.lost()
    if (manner === 'naive') {
      if (place.cursor !== undefined) place.cursor = 'now'
      askIn(retryMs)
    } else askIn(place.pauseAfter(bye))
    bye = undefined
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
