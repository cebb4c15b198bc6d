import type { ClientEvent, ClientOptions, OpenClient } from '#server/lab/clients/client.ts'
import { openEventStream } from '#server/lab/clients/event-stream.ts'
import { openLongPoll } from '#server/lab/clients/long-poll.ts'
import { openShortPoll } from '#server/lab/clients/short-poll.ts'
import { openSocketClient } from '#server/lab/clients/socket.ts'
import type { Person } from './person.ts'

export type { ClientEvent }

/** Opens `stream` after a cursor as this person and gives all that comes, for as long as it is asked for more. */
export type Listen = (
  person: Person,
  stream: string,
  after?: string,
) => AsyncGenerator<ClientEvent, undefined>

/** The deliveries that keep the contract, by the clients of the lab; one more is one more row. */
export const deliveries: { name: string; listen: Listen }[] = [
  { name: 'short poll', listen: listening(openShortPoll, { pollMs: 10 }) },
  { name: 'long poll', listen: listening(openLongPoll) },
  { name: 'event stream', listen: listening(openEventStream) },
  { name: 'socket', listen: listening(openSocketClient) },
]

/** A client as what it hears; ends with a refusal, and hangs up when it is asked for no more. */
function listening(open: OpenClient, manner: Pick<ClientOptions, 'pollMs'> = {}): Listen {
  return async function* ({ port, cookie }, stream, after) {
    const heard: ClientEvent[] = []
    let wake: (() => void) | undefined
    const client = open(
      { port, cookie, stream, ...(after !== undefined && { after }), ...manner },
      (each) => {
        heard.push(each)
        wake?.()
      },
    )
    try {
      for (;;) {
        for (let next = heard.shift(); next; next = heard.shift()) {
          yield next
          if (next.type === 'refused') return undefined
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      client.close()
    }
  }
}
