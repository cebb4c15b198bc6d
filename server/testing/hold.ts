import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '#server/app.ts'

/** Sends a request, and returns once the node holds it. Throws when it is answered instead. */
export async function hold(
  { context: { heldRequests } }: Pick<App, 'context'>,
  ask: () => Promise<Response>,
): Promise<{ answer: Promise<Response> }> {
  const before = heldRequests.size
  const answer = ask()
  let settled = false
  const note = () => {
    settled = true
  }
  answer.then(note, note)
  while (heldRequests.size === before) {
    if (settled) throw new Error(`Not held, but answered with ${(await answer).status}`)
    await pause(5)
  }
  return { answer }
}
