import { io, type Socket } from 'socket.io-client'
import type { Ack, Command, CommandName, ServerEventName, ServerEvents } from '#server/protocol/socket.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { eventually } from './eventually.ts'
import type { Person } from './person.ts'

/** One event received from the server. */
export type HeardEvent = {
  [Name in ServerEventName]: { name: Name; event: ServerEvents[Name] }
}[ServerEventName]

/** A person's connection, by the client that browsers use. It does not reconnect by itself. */
export type SocketClient = {
  socket: Socket
  /** Everything received, in order. */
  heard: HeardEvent[]
  /** All events of one name so far. */
  all<Name extends ServerEventName>(name: Name): ServerEvents[Name][]
  /** Waits for a matching event of that name, and returns it. */
  hear<Name extends ServerEventName>(
    name: Name,
    fits?: (event: ServerEvents[Name]) => boolean,
  ): Promise<ServerEvents[Name]>
  /**
   * Sends a command and returns its acknowledgement. Rejects when the connection is cut first, or after `timeoutMs`.
   */
  command<Name extends CommandName>(
    name: Name,
    payload: Command<Name>,
    options?: { timeoutMs?: number },
  ): Promise<Ack<Name>>
  /** Like `command`, but throws `CommandRefused` on a refusal. */
  done<Name extends CommandName>(name: Name, payload: Command<Name>): Promise<Ack<Name> & { ok: true }>
  /** The entries of a stream received so far, in order of arrival. */
  entries(stream: string): WireEntry[]
  /** Waits until the connection has ended; returns Socket.IO's reason. */
  ended(): Promise<string>
  close(): void
}

/** A command was acknowledged with a problem. */
export class CommandRefused extends Error {
  override name = 'CommandRefused'
}

/** Connects as this person. Rejects when refused, or when the connection is cut first. */
export async function socketClient(
  { cookie }: Pick<Person, 'cookie'>,
  { port, headers }: { port: number; headers?: Record<string, string> },
): Promise<SocketClient> {
  const socket = io(`http://127.0.0.1:${port}`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie, ...headers },
  })
  const heard: HeardEvent[] = []
  let ending: string | undefined
  socket.onAny((name, event) => heard.push({ name, event }))
  socket.on('disconnect', (reason) => {
    ending = reason
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })

  function all<Name extends ServerEventName>(name: Name): ServerEvents[Name][] {
    return heard.flatMap((each) => (each.name === name ? [each.event as ServerEvents[Name]] : []))
  }

  function command<Name extends CommandName>(
    name: Name,
    payload: Command<Name>,
    { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
  ): Promise<Ack<Name>> {
    return new Promise((resolve, reject) => {
      // A cut connection leaves an acknowledgement pending until its timeout; there is no need to wait.
      const cut = (reason: string) => reject(new Error(`"${name}" was not answered: ${reason}`))
      socket.once('disconnect', cut)
      socket.timeout(timeoutMs).emit(name, payload, (error: Error | null, ack: Ack<Name>) => {
        socket.off('disconnect', cut)
        if (error) reject(error)
        else resolve(ack)
      })
      if (!socket.connected) cut('the connection has ended')
    })
  }

  return {
    socket,
    heard,
    all,
    hear: (name, fits = () => true) => eventually(() => all(name).find(fits)),
    command,
    async done(name, payload) {
      const ack = await command(name, payload)
      if (!ack.ok) throw new CommandRefused(JSON.stringify(ack.problem))
      return ack
    },
    entries: (stream) => all('entries').flatMap((event) => (event.stream === stream ? event.entries : [])),
    ended: () => eventually(() => ending),
    close: () => void socket.disconnect(),
  }
}
