import { setTimeout as pause } from 'node:timers/promises'
import type { Ack } from '#server/protocol/socket.ts'
import { eventually } from './eventually.ts'
import type { Person } from './person.ts'
import { type SocketClient, socketClient } from './socket-client.ts'

type Sent = Ack<'chat:send'> & { ok: true }

/** Which means a client has against faults: a name for each message and its place in the room, or neither. */
export type Memory = 'remembers' | 'forgets'

/** Somebody in a room who comes back after every cut, and sends again what was not answered. */
export type Chatter = {
  person: Person
  /** What it was shown, in the order in which it was: the bodies of the messages. */
  shown: { seq: number; clientId: string; body: string; authorId: string }[]
  isThere(): boolean
  /** How often its line was cut. */
  cuts(): number
  /** Sends until it is acknowledged, and gives the acknowledgement and how many tries it took. */
  say(body: string): Promise<Sent & { tries: number }>
  stop(): Promise<void>
}

const backWithinMs = 300

/** Lets this person into the room over `line`, and keeps them there. One that forgets gives every try a new name and comes back at the head. */
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
    // Stopped while it came: nobody else would close it.
    if (!goesOn) return opened.close()
    client = opened
    await opened.ended()
  }

  async function run() {
    while (goesOn) {
      // A line that breaks, and a server that is not there, are what this client is for.
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
    // A node that has just come up may be without Postgres for a moment.
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
