import type { Feeds } from '#server/log/feeds.ts'
import { type Batch, type Cursor, formatCursor } from '#server/log/log.ts'
import type { Signal } from '#server/log/waiter.ts'
import { encodePage, type PollResult } from './encode/page.ts'
import type { PollRequest } from './request.ts'
import { endsAt, readablePage } from './short-poll.ts'

/** Receives the result of a long poll: one of the two is called, once, possibly before `begin` returns. */
export type Recipient<Result> = { answer(result: Result): void; fail(error: unknown): void }

/** What one read found: a result worth sending, or the position from which to wait for one. */
type Look<Result> = { result: Result } | { head: Cursor }

/**
 * Long polling repeats the read of a short poll each time the stream moves: until it finds something (LP1), or
 * `patience` is aborted (LP2). It uses callbacks because one event may release ten thousand polls: a promise for each
 * wait, and the functions that resume on it, cost more than the read.
 */
abstract class LongPoll<Result> {
  protected readonly feeds: Feeds
  protected readonly stream: string
  readonly #patience: Signal
  readonly #recipient: Recipient<Result>

  constructor(feeds: Feeds, stream: string, patience: Signal, recipient: Recipient<Result>) {
    this.feeds = feeds
    this.stream = stream
    this.#patience = patience
    this.#recipient = recipient
  }

  /** A read without I/O; undefined when it would need some. */
  protected abstract known(): Look<Result> | undefined
  protected abstract read(): Promise<Look<Result>>
  /** The result when nothing came in time. */
  protected abstract unchanged(): Result

  begin(): void {
    try {
      const look = this.known()
      if (look) this.#take(look)
      else this.#read()
    } catch (error) {
      // If it propagated, the polls notified after this one would miss the event.
      this.#recipient.fail(error)
    }
  }

  #read(): void {
    this.read().then(
      (look) => this.#take(look),
      (error) => this.#recipient.fail(error),
    )
  }

  #take(look: Look<Result>): void {
    if ('result' in look) this.#recipient.answer(look.result)
    else if (!this.feeds.whenMoved(this.stream, look.head, this.#patience, this.#moved)) this.#read()
  }

  readonly #moved = (moved: boolean): void => {
    if (moved) this.begin()
    // P3: "not modified" would be a guess while the log cannot be read.
    else if (this.feeds.headOf(this.stream)) this.#recipient.answer(this.unchanged())
    else {
      this.feeds.open(this.stream).then(
        () => this.#recipient.answer(this.unchanged()),
        (error) => this.#recipient.fail(error),
      )
    }
  }
}

/** A long poll of a stream; waits from `begin` on. */
export class StreamPoll extends LongPoll<PollResult> {
  readonly #request: PollRequest
  #after: PollRequest['after']

  constructor(feeds: Feeds, request: PollRequest, patience: Signal, recipient: Recipient<PollResult>) {
    super(feeds, request.stream, patience, recipient)
    this.#request = request
    this.#after = request.after
  }

  protected known(): Look<PollResult> | undefined {
    const batch = this.feeds.known(this.stream, this.#after)
    return batch && this.#look(batch)
  }

  protected async read(): Promise<Look<PollResult>> {
    return this.#look(await this.feeds.read(this.stream, this.#after))
  }

  protected unchanged(): PollResult {
    const { known } = this.#request
    return { state: 'not-modified', next: known && formatCursor(known) }
  }

  #look(batch: Batch): Look<PollResult> {
    const { known } = this.#request
    const page = readablePage(this.#request, batch)
    const isNews = known ? !endsAt(page, known) : page.type === 'reset' || page.entries.length > 0
    if (isNews) return { result: encodePage(page) }
    // On the next read, `now` would be after what has just been appended.
    if (this.#after === 'now') this.#after = batch.head
    return { head: batch.head }
  }
}

/** The result of a long poll of a stream. */
export function longPoll(feeds: Feeds, request: PollRequest, patience: Signal): Promise<PollResult> {
  return new Promise((answer, fail) => new StreamPoll(feeds, request, patience, { answer, fail }).begin())
}

/** How to read a polled resource: from memory if possible, or from where it is stored. */
export type ResourceReader<State> = { known(): State | undefined; read(): Promise<State> }

/**
 * LP4: the same for a polled resource: reads it until its cursor is not `known`. The stream may move without changing
 * the resource (another payment of the loan); then it keeps waiting.
 */
export class ResourcePoll<State extends { cursor: string }> extends LongPoll<State> {
  readonly #known: string
  readonly #reader: ResourceReader<State>
  #unchanged: State | undefined

  constructor(
    feeds: Feeds,
    { stream, known, reader }: { stream: string; known: string; reader: ResourceReader<State> },
    patience: Signal,
    recipient: Recipient<State>,
  ) {
    super(feeds, stream, patience, recipient)
    this.#known = known
    this.#reader = reader
  }

  protected known(): Look<State> | undefined {
    const state = this.#reader.known()
    const head = state && this.feeds.headOf(this.stream)
    return head && this.#look(head, state)
  }

  protected async read(): Promise<Look<State>> {
    const head = await this.feeds.open(this.stream)
    return this.#look(head, await this.#reader.read())
  }

  protected unchanged(): State {
    if (!this.#unchanged) throw new Error('Nothing was read yet')
    return this.#unchanged
  }

  #look(head: Cursor, state: State): Look<State> {
    this.#unchanged = state
    return state.cursor === this.#known ? { head } : { result: state }
  }
}

/** The state of a polled resource once its cursor is not `known`, or the current state when patience ends. */
export function longPollResource<State extends { cursor: string }>(
  feeds: Feeds,
  stream: string,
  known: string,
  reader: ResourceReader<State>,
  patience: Signal,
): Promise<State> {
  return new Promise<State>((answer, fail) =>
    new ResourcePoll<State>(feeds, { stream, known, reader }, patience, { answer, fail }).begin(),
  )
}
