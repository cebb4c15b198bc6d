import type { Clock } from '#components/live/clock.ts'
import type { ConnectionListener, OpenConnection, ServerEvent } from '#components/live/open-socket.ts'
import { epochOf, seqOf } from '#components/live/position.ts'
import type { Fetch } from '#components/live/request.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { ServerEvents } from '#server/protocol/socket.ts'
import type { StreamBye } from '#server/protocol/streams.ts'
import { fakeStreamServer } from './fake-stream-server.ts'

/** What is between the sockets and the browser; polls and event streams have a `Line` of their own. */
export type SocketRoad =
  | 'clear'
  /** A proxy that refuses upgrades. */
  | 'refused'
  /** A proxy that lets upgrades through, then cuts each connection. */
  | 'cut-at-once'
  /** A proxy that lets the upgrade through, and then nothing. */
  | 'mute'
  /** Nothing gets through, and nothing reports it. */
  | 'dead'

export type SentCommand = { name: string; command: unknown; atMs: number }

type Socket = {
  listener: ConnectionListener
  followed: Map<string, { seq: number }>
  open: boolean
}

/** A server with one log that every stream shows, over sockets, event streams and polls. */
export function fakeSocketServer(clock: Clock) {
  const http = fakeStreamServer(clock)
  const sockets = new Set<Socket>()
  const commands: SentCommand[] = []
  const posted: { method: string; url: string; body: unknown; key: string | null }[] = []
  const state = {
    road: 'clear' as SocketRoad,
    opened: 0,
    /** Commands other than follows are received but not acknowledged. */
    isSilent: false,
    /** How to refuse the next follows of these streams. */
    refusals: new Map<string, Problem[]>(),
    results: new Map<string, (command: never) => object>(),
  }

  const open: OpenConnection = (listener) => {
    state.opened += 1
    const socket: Socket = { listener, followed: new Map(), open: true }
    sockets.add(socket)
    soon(socket, () => {
      if (state.road === 'dead') return
      if (state.road === 'refused') return close(socket)
      listener.upgraded()
      if (state.road === 'mute') return
      listener.opened()
      if (state.road === 'cut-at-once') soon(socket, () => close(socket))
    })
    return {
      send(name, command, acknowledged) {
        if (!socket.open) return
        commands.push({ name, command, atMs: clock.now() })
        if (state.road === 'dead') return
        soon(socket, () => {
          const after: (() => void)[] = []
          const answer = answerTo(socket, name, command, after)
          if (!answer) return
          acknowledged(answer as never)
          for (const act of after) act()
        })
      },
      close() {
        socket.open = false
        sockets.delete(socket)
      },
    }
  }

  const fetch: Fetch = async (url, init = {}) => {
    if (!init.method || init.method === 'GET') return http.fetch(url, init)
    if (http.state.line === 'cut') throw new TypeError('Failed to fetch')
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    posted.push({ method: init.method, url, body, key: new Headers(init.headers).get('idempotency-key') })
    return Response.json({ id: 'made', seq: 1, status: 'filled' }, { status: 201 })
  }

  return {
    ...{ open, fetch, state, commands, posted, http },
    get sockets() {
      return [...sockets]
    },
    named: (name: string) => commands.filter((sent) => sent.name === name).map(({ command }) => command),
    append(type?: string, data?: unknown) {
      const entry = http.append(type, data)
      for (const socket of sockets) flow(socket)
      return entry
    },
    tell<Name extends keyof ServerEvents>(name: Name, data: ServerEvents[Name]) {
      for (const socket of sockets) emit(socket, { name, data } as ServerEvent)
    },
    bye(bye: StreamBye) {
      for (const socket of [...sockets]) {
        emit(socket, { name: 'bye', data: bye })
        close(socket)
      }
    },
    cutAll() {
      for (const socket of [...sockets]) close(socket)
    },
  }

  function soon(socket: Socket, act: () => void) {
    queueMicrotask(() => socket.open && act())
  }

  function close(socket: Socket) {
    if (!socket.open) return
    socket.open = false
    sockets.delete(socket)
    socket.listener.closed()
  }

  function emit(socket: Socket, event: ServerEvent) {
    if (socket.open && state.road !== 'dead') socket.listener.event(event)
  }

  function answerTo(
    socket: Socket,
    name: string,
    command: unknown,
    after: (() => void)[],
  ): object | undefined {
    switch (name) {
      case 'follow':
        return follow(socket, command as { stream: string; after?: string }, after)
      case 'unfollow':
        socket.followed.delete((command as { stream: string }).stream)
        return { ok: true }
      default:
        if (state.isSilent) return undefined
        return { ok: true, ...state.results.get(name)?.(command as never) }
    }
  }

  function follow(
    socket: Socket,
    command: { stream: string; after?: string },
    after: (() => void)[],
  ): object {
    const problem = state.refusals.get(command.stream)?.shift()
    if (problem) return { ok: false, problem }
    const stream = command.stream === 'me' ? 'user:1' : command.stream
    const head = http.cursor()
    const at = command.after ?? `${http.state.epoch}.0`
    const isReset = at !== 'now' && (epochOf(at) !== http.state.epoch || seqOf(at) > http.entries.length)
    socket.followed.set(stream, { seq: isReset || at === 'now' ? http.entries.length : seqOf(at) })
    after.push(() => {
      if (isReset) emit(socket, { name: 'reset', data: { stream, head, reason: 'epoch' } })
      flow(socket)
    })
    return { ok: true, stream, head }
  }

  function flow(socket: Socket) {
    for (const [stream, place] of socket.followed) {
      const entries = http.entries.slice(place.seq)
      const last = entries.at(-1)
      if (!last) continue
      place.seq = last.seq
      emit(socket, { name: 'entries', data: { stream, entries, next: `${http.state.epoch}.${last.seq}` } })
    }
  }
}
