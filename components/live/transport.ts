import type { Problem } from '#server/protocol/problems.ts'
import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { ResetReason } from '#server/protocol/streams.ts'
import type { Page, Reader, ReaderOptions } from './reader.ts'
import type { Sent } from './send-json.ts'

/** What streams and commands go over: a socket, or event streams and HTTP instead. */
export type Transport = {
  /** Delivers the stream, and again when another reader joins. */
  follow(following: Following): void
  /** Only readers in the background are left. */
  lighten(following: Following): void
  unfollow(following: Following): void
  /** One attempt; `unanswered` without an answer within `timeoutMs`, or when the transport ends first. */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    timeoutMs: number,
  ): Promise<Sent<CommandResults[Name]>>
  end(): void
}

/** A stream that is followed on this page, for all its readers. */
export type Following = {
  readonly name: string
  /** Polled only occasionally where each stream costs a connection. */
  readonly background: boolean
  readonly isEmpty: boolean
  /** The position from which all its readers can be served. */
  after(): string
  add(options: Omit<ReaderOptions, 'refused'>): Reader
  /** The stream comes after `after` from now on; `head` is its newest cursor. */
  begin(after: string, head: string): void
  rest(): void
  /** Entries up to the seq `missedUpTo` happened while disconnected. */
  take(page: Page, missedUpTo?: number): void
  reset(head: string, reason?: ResetReason): void
  /** For good. */
  end(problem?: Problem): void
  caughtUp(): CaughtUp
}

/** What was missed when the stream was last begun: `done` of `of` entries have come. */
export type CaughtUp = { done: number; of: number }
