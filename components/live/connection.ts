import type { Ack, Command, CommandName, ServerEventName, ServerEvents } from '#server/protocol/socket.ts'

/** One thing that the server sent unasked. */
export type ServerEvent<Name extends ServerEventName = ServerEventName> = {
  [Each in Name]: { name: Each; data: ServerEvents[Each] }
}[Name]

/** What a connection tells, in this order; after `closed` nothing more comes of it. */
export type ConnectionListener = {
  /** The upgrade was granted: whatever happens from here on, no proxy refused it. */
  upgraded(): void
  /** Commands can be sent. */
  opened(): void
  event(event: ServerEvent): void
  closed(): void
}

/** One socket, from the try to open it to its end. */
export type Connection = {
  /** `acknowledged` is never called when the connection ends before. */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    acknowledged: (ack: Ack<Name>) => void,
  ): void
  /** Ends it; `closed` is not told. */
  close(): void
}

export type OpenConnection = (listener: ConnectionListener) => Connection
