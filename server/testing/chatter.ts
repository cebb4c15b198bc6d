import { setTimeout as pause } from 'node:timers/promises'
import type { Ack } from '#server/protocol/socket.ts'
import { eventually } from './eventually.ts'
import type { Person } from './person.ts'
import { type SocketClient, socketClient } from './socket-client.ts'

type Sent = Ack<'chat:send'> & { ok: true }

/** Whether a client survives faults: with a client id per message and its position in the room, or with neither. */
export type Memory = 'remembers' | 'forgets'

/** A room member who reconnects after every cut, and resends whatever was not acknowledged. */
export type Chatter = {
  person: Person
  /** The messages received, in order of arrival. */
  shown: { seq: number; clientId: string; body: string; authorId: string }[]
  isThere(): boolean
  /** How often its connection was cut. */
  cuts(): number
  /** Sends until acknowledged; returns the acknowledgement and the number of attempts. */
  say(body: string): Promise<Sent & { tries: number }>
  stop(): Promise<void>
}

const backWithinMs = 300

/**
 * Connects this person to the room through `line`, and keeps them connected. One that forgets uses a new client id for
 * every attempt and reconnects at the head.
 */
export function chatter(
  person: Person,
  line: { port: number },
  roomId: string,
  random: () => number,
  memory: Memory = 'remembers',
): Chatter {
  const shown: Chatter['shown'] = []
  let client: SocketClient | undefined
  let after: string | undefined
  let cuts = 0
  let goesOn = true

  async function stay() {
    const opened = await socketClient(person, line)
    opened.socket.on('entries', ({ entries, next }) => {
      after = next
      for (const { seq, type, data } of entries) {
        if (type === 'message.sent') shown.push({ ...data.message, seq })
      }
    })
    const from = memory === 'remembers' ? after : cuts > 0 ? 'now' : undefined
    await opened.done('follow', { stream: `room:${roomId}`, ...(from !== undefined && { after: from }) })
    // Stopped while connecting: nobody else would close it.
    if (!goesOn) return opened.close()
    client = opened
    await opened.ended()
  }

  async function run() {
    while (goesOn) {
      // Broken connections and a missing server are what this client is for.
      await stay().catch(() => undefined)
      if (client) cuts += 1
      client = undefined
      if (goesOn) await pause(random() * backWithinMs)
    }
  }
  const done = run()

  async function say(
    body: string,
    clientId: string = crypto.randomUUID(),
    tries = 1,
  ): ReturnType<Chatter['say']> {
    const line = await eventually(() => (client?.socket.connected ? client : !goesOn && 'stopped'))
    if (line === 'stopped') throw new Error(`"${body}" was not sent`)
    const ack = await line.command('chat:send', { roomId, clientId, body }).catch(() => undefined)
    if (ack?.ok) return { ...ack, tries }
    // A node that has just started may be without Postgres for a moment.
    if (ack && ack.problem.status !== 503)
      throw new Error(`"${body}" was refused: ${JSON.stringify(ack.problem)}`)
    return say(body, memory === 'remembers' ? clientId : undefined, tries + 1)
  }

  return {
    person,
    shown,
    isThere: () => client?.socket.connected ?? false,
    cuts: () => cuts,
    say: (body) => say(body),
    async stop() {
      goesOn = false
      client?.close()
      await done
    },
  }
}
