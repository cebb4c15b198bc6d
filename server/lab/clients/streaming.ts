import type { StreamBye } from '#server/protocol/streams.ts'
import { type ClientEvent, type ClientOptions, type LabClient, Usage } from './client.ts'
import { ClientPosition, refusalFromResponse } from './client-position.ts'
import { type Frame, FrameReader } from './frame-reader.ts'
import { answerMs, HttpConnection, streamRequest } from './http-connection.ts'
import type { ResponseHead } from './response-reader.ts'

/** `ours` resumes from what it has received and times out on silence; `naive` does neither. */
type StreamBehavior = 'ours' | 'naive'

const beatsOfSilence = 2.5
/** What browsers wait when a stream sends no `retry`. */
const plainRetryMs = 3_000
/** About the longest delay of a timer. */
const foreverMs = 2 ** 31 - 1

/** Follows an event stream, and reopens it whenever it ends. */
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
  /** The head when the open stream began. */
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

  /** Frames go to `piece`: a complete response is a refusal, or a stream that the server ended. */
  function answered(answer: ResponseHead, body: Buffer) {
    line.cut()
    if (answer.status === 200) return lost()
    const { heard, isFinal, adviceMs } = refusalFromResponse(answer, body)
    usage.refused += 1
    place.lost()
    hear(heard)
    // An `EventSource` never reconnects after a response other than 200.
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
