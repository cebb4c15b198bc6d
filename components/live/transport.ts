import type { Command, CommandName, CommandResults } from '#server/protocol/socket.ts'
import type { Following } from './followings.ts'
import type { Sent } from './send-json.ts'

/** What streams and commands go over: a socket, or event streams and HTTP in its place. */
export type Transport = {
  /** Brings the stream, or brings it again for a reader that has come. */
  follow(following: Following): void
  /** Only readers in the background are left. */
  lighten(following: Following): void
  unfollow(following: Following): void
  /** One try; `unanswered` when the answer does not come within `timeoutMs`, or the carrier ends before. */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    timeoutMs: number,
  ): Promise<Sent<CommandResults[Name]>>
  end(): void
}
