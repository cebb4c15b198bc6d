import { beatFrame } from '#server/deliver/encode/frame.ts'
import type { EventStreamOptions } from '#server/deliver/event-stream.ts'
import type { DeliveryRequest } from '#server/deliver/request.ts'
import type { Sessions } from '#server/domain/accounts/sessions.ts'
import type { Feeds } from '#server/log/feeds.ts'
import type { Batch } from '#server/log/log.ts'
import { Connections, retryMs } from './connections.ts'
import type { Exchanges } from './exchanges.ts'
import type { OpenStream } from './open-stream.ts'

type Options = { heartbeatMs: number; maxBufferBytes: number; maxPerUser: number }

/** Slots of a heartbeat interval, so that ten thousand streams are not all written to at once. */
const slots = 16

/** The event streams that this node holds open, and the one timer that sends all of them heartbeats. */
export class EventStreams extends Connections<OpenStream> {
  readonly options: EventStreamOptions
  readonly #slots = Array.from({ length: slots }, () => new Set<OpenStream>())
  readonly #timer: NodeJS.Timeout
  #slot = 0

  constructor(deps: { sessions: Sessions; exchanges: Exchanges }, options: Options) {
    super(deps, { name: 'event streams open', maxPerHolder: options.maxPerUser })
    this.options = { ...options, retryMs }
    this.#timer = setInterval(() => this.#beat(), options.heartbeatMs / slots).unref()
  }

  /** Starts a stream that is open. If it is refused before anything was sent, discards the stream and throws. */
  async start(stream: OpenStream, feeds: Feeds, request: DeliveryRequest): Promise<void> {
    try {
      await stream.delivery.start(feeds, request)
    } catch (error) {
      this.discard(stream)
      throw error
    }
    this.#keep(stream)
  }

  /** The same synchronously, with the first batch already read. */
  begin(stream: OpenStream, feeds: Feeds, request: DeliveryRequest, first: Batch): void {
    try {
      stream.delivery.begin(feeds, request, first)
    } catch (error) {
      this.discard(stream)
      throw error
    }
    this.#keep(stream)
  }

  #keep(stream: OpenStream): void {
    // In the current slot, so that its first heartbeat is a whole interval away.
    const slot = this.#slots[this.#slot]
    slot?.add(stream)
    stream.onClose(() => {
      slot?.delete(stream)
      stream.delivery.stop()
      this.close(stream)
    })
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    this.#slot = (this.#slot + 1) % slots
    const streams = this.#slots[this.#slot]
    if (!streams || streams.size === 0) return
    const frame = beatFrame({ at: new Date().toISOString() })
    for (const { delivery } of streams) delivery.heartbeat(frame)
  }
}
