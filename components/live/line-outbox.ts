import { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts'
import type { SocketLine } from './socket-line.ts'

/** An outbox that sends over the line, and holds it as long as there is something to send, whatever page stands. */
export function lineOutbox(
  line: SocketLine,
  options: Pick<OutboxOptions, 'storage' | 'key' | 'clock'>,
): Outbox {
  const outbox = createOutbox({
    ...options,
    send: (roomId, draft) => line.send('chat:send', { roomId, ...draft }),
    isUp: () => isUp(line),
  })
  let wasUp = isUp(line)
  let letGo: (() => void) | undefined
  const hold = () => {
    if (!outbox.isEmpty) letGo ??= line.hold()
    else {
      letGo?.()
      letGo = undefined
    }
  }
  outbox.watch(hold)
  line.watch(() => {
    const up = isUp(line)
    if (up && !wasUp) outbox.go()
    wasUp = up
  })
  hold()
  outbox.go()
  return outbox
}

function isUp(line: SocketLine): boolean {
  const { state } = line.view()
  return state === 'live' || state === 'catching-up' || state === 'fallback'
}
