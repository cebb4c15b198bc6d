import type { WirePage } from '#server/protocol/protocol.ts'
import type { AnswerHead } from '../clients/answer-reader.ts'
import type { Going } from '../clients/client.ts'
import { HttpLine } from '../clients/http-line.ts'
import { streamRequest } from '../clients/request.ts'
import { Usage } from '../clients/usage.ts'

const patienceMs = 30_000

/** One who asks when told to, on one connection, after what it has seen and with the validator of its last answer. */
export class Poller {
  readonly #going: Going
  readonly #line: HttpLine
  #cursor = 'now'
  #etag: string | undefined
  #isWaiting = false

  /** `answered` is told of each good answer, `failed` of each other. */
  constructor(going: Going, told: { answered(): void; failed(): void }) {
    this.#going = going
    this.#line = new HttpLine(going, new Usage(), {
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

  #take(head: AnswerHead, body: Buffer): boolean {
    if (head.status === 304) return true
    if (head.status !== 200) return false
    this.#etag = head.field('etag')
    this.#cursor = (JSON.parse(body.toString()) as WirePage).next
    return true
  }
}
