import type { Problem } from '#server/protocol/problems.ts'
import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { ResetReason } from '#server/protocol/streams.ts'
import type { Page, Reader, ReaderOptions } from './reader.ts'
import type { Sent } from './send-json.ts'

/** What carries streams and commands: a socket, or event streams and HTTP instead. */
export type Transport = {
  /** Delivers the stream; called again when another reader joins. */
  follow(following: Following): void
  /** Only readers in the background are left. */
  lighten(following: Following): void
  unfollow(following: Following): void
  /** One attempt; `unanswered` if there is no response within `timeoutMs` or the transport ends first. */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    timeoutMs: number,
  ): Promise<Sent<CommandResults[Name]>>
  end(): void
}

/** A stream that this page follows, for all its readers. */
export type Following = {
  readonly name: string
  /** Polled only occasionally where each stream costs a connection. */
  readonly background: boolean
  readonly isEmpty: boolean
  /** The position from which all its readers can be served. */
  after(): string
  add(options: Omit<ReaderOptions, 'refused'>): Reader
  /** Entries after `after` follow from now on; `head` is the stream's newest cursor. */
  begin(after: string, head: string): void
  rest(): void
  /** Entries up to the seq `missedUpTo` happened while disconnected. */
  take(page: Page, missedUpTo?: number): void
  reset(head: string, reason?: ResetReason): void
  /** Final. */
  end(problem?: Problem): void
  caughtUp(): CaughtUp
}

/** What was missed when the stream was last resumed: `done` of `of` entries have arrived. */
export type CaughtUp = { done: number; of: number }
