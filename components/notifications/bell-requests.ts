import { request, type Wire } from '#components/live/request.ts'
import { sendJson } from '#components/live/send-json.ts'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import type { ReadOrder } from '#server/protocol/notifications-schemas.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { retryPauseMs } from '#server/protocol/reconnect.ts'
import type { BellEvent, BellState, Mark } from './bell-state.ts'

const path = '/api/notifications'
const unanswered: Problem = { type: 'about:blank', title: 'The server didn’t respond', status: 0 }

type Desk = Wire & { bell: () => BellState; apply: (event: BellEvent) => void; signal: AbortSignal }

/** Requests on behalf of the reader or after a reset; each applies its result to the bell. */
export function bellRequests(desk: Desk) {
  const { clock, apply, signal } = desk
  let lastMark = 0

  return {
    /** Reloads the list, retrying until it succeeds; false if the session is over. */
    async load(): Promise<boolean> {
      for (let tries = 1; !signal.aborted; tries += 1) {
        const answer = await request<WireNotificationList>({ url: path }, 0, desk, signal)
        if (answer.type === 'changed') {
          apply({ type: 'snapshot', list: answer.value })
          return true
        }
        if (answer.type === 'interrupted') return false
        const problem = 'problem' in answer ? answer.problem : undefined
        apply({ type: 'snapshot-refused', problem: problem ?? unanswered })
        if (answer.type === 'signed-out' || answer.type === 'refused') return false
        const adviceMs = 'adviceMs' in answer ? answer.adviceMs : undefined
        await clock.sleep(retryPauseMs(tries, adviceMs), signal)
      }
      return false
    },

    async loadOlder() {
      const { nextBefore, loadingOlder } = desk.bell()
      if (nextBefore === null || loadingOlder) return
      apply({ type: 'older-asked' })
      const url = `${path}?before=${encodeURIComponent(nextBefore)}`
      const answer = await request<WireNotificationList>({ url }, 0, desk, signal)
      if (answer.type === 'changed') apply({ type: 'older', list: answer.value })
      else {
        const problem = 'problem' in answer ? answer.problem : undefined
        apply({ type: 'older-refused', problem: problem ?? unanswered })
      }
    },

    /** Shows notifications as read at once, and reverts if the server refuses. */
    async mark(order: ReadOrder) {
      const mark: Mark = { id: ++lastMark, order, at: new Date(clock.now()).toISOString() }
      apply({ type: 'marked', mark })
      const sent = await sendJson(desk.fetch, `${path}/read`, order)
      if (sent.state === 'done') return
      const problem = sent.problem ?? unanswered
      apply({ type: 'mark-refused', id: mark.id, problem })
    },
  }
}
