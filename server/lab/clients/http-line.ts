import type { Socket } from 'node:net'
import { type AnswerHead, AnswerReader } from './answer-reader.ts'
import type { Going } from './client.ts'
import { cutSocket, openSocket } from './connect.ts'
import type { Usage } from './usage.ts'

/** What is told of the answers. `body` is what of the body `piece` did not take; both are lent. */
export type LineHearing = {
  answered(head: AnswerHead, body: Buffer): void
  /** The connection has ended or gone silent, with an answer outstanding. */
  lost(): void
  /** Takes a part of a body as it comes; false leaves it to `answered`. */
  piece?(head: AnswerHead, bytes: Buffer): boolean
}

/**
 * The one connection of a client that speaks HTTP/1.1, on a bare socket: kept alive between requests, of which it
 * carries one at a time, and opened anew when the next finds it closed.
 */
export class HttpLine {
  readonly #going: Going
  readonly #usage: Usage
  readonly #hearing: LineHearing
  #socket: Socket | undefined
  #isAsking = false
  #silence: NodeJS.Timeout | undefined

  constructor(going: Going, usage: Usage, hearing: LineHearing) {
    this.#going = going
    this.#usage = usage
    this.#hearing = hearing
  }

  /** Sends a request. It is lost when nothing comes for `patienceMs`. */
  ask(request: string, patienceMs: number): void {
    this.#isAsking = true
    this.bePatient(patienceMs)
    if (this.#socket) this.#send(this.#socket, request)
    else this.#open(request)
  }

  /** From now on, nothing may come for so long. */
  bePatient(ms: number): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#fail(), ms)
  }

  /** Ends the connection at once; nothing is told any more of what it carried. */
  cut(): void {
    clearTimeout(this.#silence)
    this.#isAsking = false
    if (this.#socket) cutSocket(this.#socket)
    this.#socket = undefined
  }

  #open(request: string) {
    let head: AnswerHead | undefined
    const kept: Buffer[] = []
    const reader = new AnswerReader({
      head: (said) => {
        head = said
      },
      piece: (bytes) => {
        if (head && !this.#hearing.piece?.(head, bytes)) kept.push(Buffer.from(bytes))
      },
      end: () => {
        if (head) this.#answered(head, Buffer.concat(kept.splice(0)))
      },
    })
    const socket = openSocket(this.#going, {
      open: () => this.#send(socket, request),
      bytes: (bytes) => {
        this.#silence?.refresh()
        reader.read(bytes)
      },
      lost: () => {
        reader.closed()
        if (this.#socket === socket) this.#fail()
      },
    })
    this.#usage.begin(socket)
    this.#socket = socket
  }

  #send(socket: Socket, request: string) {
    this.#usage.requests += 1
    socket.write(request, 'latin1')
  }

  #answered(head: AnswerHead, body: Buffer) {
    // What nobody has asked for is the server's word before it closes an idle connection.
    if (!this.#isAsking) return this.cut()
    clearTimeout(this.#silence)
    this.#isAsking = false
    if (/close/i.test(head.field('connection') ?? '')) this.cut()
    this.#hearing.answered(head, body)
  }

  #fail() {
    const wasAsking = this.#isAsking
    this.cut()
    if (wasAsking) this.#hearing.lost()
  }
}
