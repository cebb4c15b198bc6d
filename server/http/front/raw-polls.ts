import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { destroySoon } from '#server/connections/destroy-soon.ts'
import { countingQueries } from '#server/database/client.ts'
import { withTimeout } from '#server/database/with-timeout.ts'
import {
  answerKnownPoll,
  type KnownPollDeps,
  type Polled,
  type PollRequest,
  type PollResponse,
  polledBy,
  readIntoMemory,
} from '#server/http/known-polls.ts'
import type { PollAnswer } from '#server/http/polled-resource.ts'
import { type PlainRequest, plainRequestIn } from './plain-request.ts'
import { wantsStream } from './stream-request.ts'

export type RawPollDeps = KnownPollDeps & {
  isOwnHost(authority: string): boolean
  /** Passes a connection to the HTTP parser, with the bytes already read from it. */
  parse(socket: Socket, bytes: Buffer): void
}

/** The most that is read of further requests while one is being served. */
const maxWaitingBytes = 16 * 1024
/** A body up to this size is copied into one write with its head: two parts cost a longer system call and an object. */
const maxCopiedBytes = 8 * 1024
/** A read that takes longer is left to the router, which waits for it and reports what is unavailable. */
const patienceMs = 250
/** How much longer a connection is kept than the client was told, as with Node's own server. */
const keepAliveSlackMs = 1_000

/**
 * Connections that only poll, served without an HTTP parser, request and response, which take 12 KiB and half of a
 * poll's CPU. A connection that sends anything else is passed to the parser for good.
 */
export class RawPolls {
  readonly deps: RawPollDeps
  readonly #open = new Set<PollingConnection>()

  constructor(deps: RawPollDeps) {
    this.deps = deps
  }

  /** Takes a connection whose first bytes are a poll; returns false when they are not. */
  take(socket: Socket, bytes: Buffer, request: PlainRequest | undefined): boolean {
    const poll = this.pollIn(request)
    if (!poll) return false
    const connection = new PollingConnection(this, socket)
    this.#open.add(connection)
    connection.serve(bytes, poll)
    return true
  }

  forget(connection: PollingConnection): void {
    this.#open.delete(connection)
  }

  pollIn(request: PlainRequest | undefined): Poll | undefined {
    if (!request) return undefined
    const { version, url, headers } = request
    const { connection = 'keep-alive', host = '', accept } = headers
    const polled = polledBy(url)
    if (!polled || version !== '1.1' || connection.toLowerCase() !== 'keep-alive') return undefined
    return wantsStream(accept) || !this.deps.isOwnHost(host) ? undefined : { polled, url, headers }
  }

  /** Closes connections that have been idle for longer than the client was told. */
  sweep(): void {
    const oldest = performance.now() - this.deps.env.KEEP_ALIVE_MS - keepAliveSlackMs
    for (const connection of this.#open) if (connection.isIdleSince(oldest)) connection.close()
  }

  /** Closes connections without a request; the others close after their response. */
  drain(): void {
    for (const connection of this.#open) if (connection.isIdleSince(performance.now())) connection.close()
  }
}

type Poll = { polled: Polled; url: string; headers: PollRequest['headers'] }

class PollingConnection implements PollResponse {
  readonly socket: Socket
  readonly #polls: RawPolls
  /** The last request, raw and parsed: a client without news repeats the same bytes. */
  #bytes: Buffer | undefined
  #poll: Poll | undefined
  #waiting: Buffer | undefined
  #isBusy = false
  #idleSince = 0

  constructor(polls: RawPolls, socket: Socket) {
    this.#polls = polls
    this.socket = socket
    socket.on('data', this.#receive).on('end', this.#end).on('close', this.#forget).resume()
  }

  isIdleSince(moment: number): boolean {
    return !this.#isBusy && this.#idleSince <= moment
  }

  close(): void {
    this.socket.destroy()
  }

  readonly #receive = (bytes: Buffer): void => {
    if (this.#isBusy) this.#keep(bytes)
    else this.#read(bytes)
  }

  #keep(bytes: Buffer): void {
    this.#waiting = this.#waiting ? Buffer.concat([this.#waiting, bytes]) : bytes
    if (this.#waiting.length > maxWaitingBytes) this.socket.pause()
  }

  #read(bytes: Buffer): void {
    const poll = this.#bytes?.equals(bytes) ? this.#poll : this.#polls.pollIn(plainRequestIn(bytes))
    if (poll) this.serve(bytes, poll)
    else this.#leave(bytes)
  }

  serve(bytes: Buffer, poll: Poll): void {
    const { deps } = this.#polls
    this.#isBusy = true
    this.#bytes = bytes
    this.#poll = poll
    const { polled, url, headers } = poll
    const request = { url, headers, meter: deps.exchanges.begin(this) }
    if (answerKnownPoll(deps, polled, request, this)) return
    const reading = countingQueries(request.meter, () => readIntoMemory(deps, polled, headers))
    withTimeout(patienceMs, reading).then(
      (session) => answerKnownPoll(deps, polled, request, this, session) || this.pass('refused'),
      () => this.pass('refused'),
    )
  }

  send({ status, fields, body }: PollAnswer): void {
    const { socket } = this
    const { env, heldRequests } = this.#polls.deps
    if (!socket.writable) return
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
    for (const name in fields) head += `${name}: ${fields[name]}\r\n`
    if (body) head += `content-length: ${body.length}\r\n`
    const isLast = heldRequests.isDraining
    head += isLast ? 'connection: close\r\n' : keepAlive(env.KEEP_ALIVE_MS)
    head += `date: ${httpDate()}\r\n\r\n`
    if (!body) socket.write(head, 'latin1')
    else if (body.length <= maxCopiedBytes) socket.write(head + latin1Of(body), 'latin1')
    else {
      socket.cork()
      socket.write(head, 'latin1')
      socket.write(body)
      socket.uncork()
    }
    if (isLast) {
      socket.end()
      destroySoon(socket)
    } else if (socket.writableNeedDrain) socket.once('drain', this.#goOn)
    else if (this.#waiting) process.nextTick(this.#goOn)
    else this.#rest()
  }

  /**
   * Repeated through the parser, the request gets its refusal; without its cookie, the refusal says that its session
   * has ended.
   */
  pass(reason: 'refused' | 'session-ended'): void {
    const bytes = this.#bytes ?? Buffer.alloc(0)
    if (reason === 'refused') this.#leave(bytes)
    else this.#leave(Buffer.from(bytes.toString('latin1').replace(/\r\ncookie:[^\r]*/i, ''), 'latin1'))
  }

  readonly #goOn = (): void => {
    const waiting = this.#waiting
    this.#waiting = undefined
    this.#rest()
    this.socket.resume()
    if (waiting && this.socket.writable) this.#read(waiting)
  }

  #rest(): void {
    this.#isBusy = false
    this.#idleSince = performance.now()
  }

  #leave(bytes: Buffer): void {
    const { socket } = this
    this.#forget()
    if (!socket.writable) return void socket.destroy()
    socket.off('data', this.#receive).off('end', this.#end).off('close', this.#forget).pause()
    this.#polls.deps.parse(socket, this.#waiting ? Buffer.concat([bytes, this.#waiting]) : bytes)
    socket.resume()
  }

  readonly #forget = (): void => {
    this.#polls.forget(this)
  }

  /** A client that ends its side is treated as gone, as by Node's own server. */
  readonly #end = (): void => {
    this.#forget()
    this.socket.end()
  }
}

function keepAlive(ms: number): string {
  return `connection: keep-alive\r\nkeep-alive: timeout=${Math.floor(ms / 1_000)}\r\n`
}

let dateAt = 0
let date = ''

/** The date in HTTP format (RFC 9110, section 5.6.7); formatted once a second. */
function httpDate(): string {
  const now = Date.now()
  if (now - dateAt >= 1_000 || now < dateAt) {
    dateAt = now - (now % 1_000)
    date = new Date(now).toUTCString()
  }
  return date
}

const texts = new WeakMap<Buffer, string>()

/** A body as a string with one character per byte; made once for all who receive it. */
function latin1Of(body: Buffer): string {
  let text = texts.get(body)
  if (text === undefined) {
    text = body.toString('latin1')
    texts.set(body, text)
  }
  return text
}
