import { setTimeout as pause } from 'node:timers/promises'
import type { Watcher } from './watcher.ts'

/** How long the acknowledgement of each message took, in ms, of those that were sent so far. */
export type Messages = {
  ackMs: number[]
  send(from: Watcher | undefined): Promise<void>
  /** Hears an acknowledgement. */
  ack(text: string): void
}

/** Sends messages to a room by hand. One that is refused is an error. */
export function messagesTo(roomId: string): Messages {
  const waiting = new Map<number, (ok: boolean) => void>()
  const ackMs: number[] = []
  let sent = 0
  return {
    ackMs,
    async send(from) {
      sent += 1
      const id = sent
      const sentAt = performance.now()
      const acknowledged = Promise.withResolvers<boolean>()
      waiting.set(id, acknowledged.resolve)
      const message = { roomId, clientId: crypto.randomUUID(), body: 'Shall we say Thursday, half past ten?' }
      from?.socket.send(`42${id}${JSON.stringify(['chat:send', message])}`)
      if (!(await acknowledged.promise)) throw new Error('A message was refused')
      waiting.delete(id)
      ackMs.push(performance.now() - sentAt)
    },
    ack(text) {
      const [, id = '', ok] = /^43(\d+)\[\{"ok":(true)?/.exec(text) ?? []
      waiting.get(Number(id))?.(ok === 'true')
    },
  }
}

/** One after the other, each when the one before was acknowledged. */
export async function sendOn(send: () => Promise<void>, forMs: number): Promise<void> {
  const until = performance.now() + forMs
  while (performance.now() < until) await send()
}

/** So many a second, whether the ones before were acknowledged or not. */
export async function sendAtPace(
  send: (nth: number) => Promise<void>,
  perSecond: number,
  forMs: number,
): Promise<void> {
  const startedAt = performance.now()
  const sending: Promise<void>[] = []
  for (let nth = 0; (nth * 1_000) / perSecond < forMs; nth += 1) {
    await pause(Math.max(0, startedAt + (nth * 1_000) / perSecond - performance.now()))
    sending.push(send(nth))
  }
  await Promise.all(sending)
}
