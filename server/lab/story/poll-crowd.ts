import { type ClientOptions, Usage } from '#server/lab/clients/client.ts'
import { HttpConnection, streamRequest } from '#server/lab/clients/http-connection.ts'
import type { ResponseHead } from '#server/lab/clients/response-reader.ts'
import { LatencyRecorder } from '#server/protocol/lab-distribution.ts'
import type { Distribution } from '#server/protocol/lab-report.ts'
import type { WirePage } from '#server/protocol/streams.ts'

/** Where the crowd polls, and as whom. */
export type Door = Pick<ClientOptions, 'port' | 'cookie' | 'stream'>

/** A crowd's figures so far: a poll lasts from when it was due until its response was complete. */
export type Polled = { polls: number; failed: number; waiting: number; latencies: Distribution }

const fromOneAddress = 1_000
const addresses = 16
const turnMs = 2

/** Pollers that take turns, each once in `pollMs`, evenly spread. One whose response is late misses its turn. */
export class PollCrowd {
  readonly #count: number
  readonly #gapMs: number
  readonly #latencies = new LatencyRecorder()
  #pollers: Poller[] = []
  #polls = 0
  #failed = 0
  #turn: NodeJS.Timeout | undefined

  constructor(count: number, pollMs: number) {
    this.#count = count
    this.#gapMs = pollMs / count
  }

  /** Lets all poll there from now on. If they polled there before, they keep their connections. */
  poll(door: Door, isSameDoor: boolean): void {
    this.rest()
    if (!isSameDoor) {
      for (const poller of this.#pollers) poller.leave()
      this.#pollers = Array.from({ length: this.#count }, (_, nth) => this.#pollerAt(door, nth))
    }
    const startedAt = performance.now()
    let asked = 0
    this.#turn = setInterval(() => {
      const elapsedMs = performance.now() - startedAt
      for (; asked * this.#gapMs <= elapsedMs; asked += 1) {
        const nth = asked % this.#count
        const poller = this.#pollers[nth]
        if (!poller || poller.isWaiting) continue
        this.#dueMs[nth] = startedAt + asked * this.#gapMs
        poller.ask()
      }
    }, turnMs)
  }

  /** Stops polling; responses may still arrive. */
  rest(): void {
    clearInterval(this.#turn)
  }

  polled(): Polled {
    return {
      ...{ polls: this.#polls, failed: this.#failed },
      waiting: this.#pollers.filter(({ isWaiting }) => isWaiting).length,
      latencies: this.#latencies.toWire(),
    }
  }

  readonly #dueMs: number[] = []

  #pollerAt(door: Door, nth: number): Poller {
    const localAddress = this.#count > fromOneAddress ? `127.0.0.${1 + (nth % addresses)}` : undefined
    return new Poller(
      { ...door, ...(localAddress !== undefined && { localAddress }) },
      {
        answered: () => {
          this.#polls += 1
          // Measured from when the poll was due: a crowd that falls behind must not hide the server's delay.
          this.#latencies.add(performance.now() - (this.#dueMs[nth] ?? 0))
        },
        failed: () => {
          this.#failed += 1
        },
      },
    )
  }
}

const patienceMs = 30_000

/** One poller, on one connection, with its cursor and the validator of its last response. */
class Poller {
  readonly #going: ClientOptions
  readonly #line: HttpConnection
  #cursor = 'now'
  #etag: string | undefined
  #isWaiting = false

  /** `answered` is called for each good response, `failed` for any other. */
  constructor(going: ClientOptions, told: { answered(): void; failed(): void }) {
    this.#going = going
    this.#line = new HttpConnection(going, new Usage(), {
      answered: (head, body) => {
        this.#isWaiting = false
        if (this.#take(head, body)) told.answered()
        else told.failed()
      },
      lost: () => {
        this.#isWaiting = false
        told.failed()
      },
    })
  }

  get isWaiting(): boolean {
    return this.#isWaiting
  }

  ask(): void {
    this.#isWaiting = true
    this.#line.ask(streamRequest(this.#going, this.#cursor, { 'if-none-match': this.#etag }), patienceMs)
  }

  leave(): void {
    this.#isWaiting = false
    this.#line.cut()
  }

  #take(head: ResponseHead, body: Buffer): boolean {
    if (head.status === 304) return true
    if (head.status !== 200) return false
    this.#etag = head.field('etag')
    this.#cursor = (JSON.parse(body.toString()) as WirePage).next
    return true
  }
}
