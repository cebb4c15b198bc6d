'use client'
import { useState } from 'react'
import type { SocketLine } from '#components/live/socket-line.ts'
import type { Unsent } from '#components/loans/send-trouble.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'

/** Takes working orders back; `stateOf` tells what became of each attempt. Sending one again is always safe. */
export function useCancelling(line: SocketLine, onCancelled: (order: WireOrder) => void) {
  const [states, setStates] = useState<ReadonlyMap<string, 'sending' | Unsent>>(new Map())
  const put = (id: string, state: 'sending' | Unsent | undefined) =>
    setStates((known) => {
      const next = new Map(known)
      if (state) next.set(id, state)
      else next.delete(id)
      return next
    })
  return {
    stateOf: (id: string) => states.get(id),
    async cancel(id: string) {
      put(id, 'sending')
      const answer = await line.send('order:cancel', { orderId: id })
      put(id, answer.state === 'done' ? undefined : answer)
      if (answer.state === 'done') onCancelled(answer.value.order)
    },
  }
}
export type Cancelling = ReturnType<typeof useCancelling>
