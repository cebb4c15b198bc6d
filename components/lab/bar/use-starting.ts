'use client'
import { useState } from 'react'
import { startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import type { Scenario } from '#server/protocol/lab.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'

export type Starting = {
  /** What was started by this page; it is followed. */
  started: WireRun | undefined
  /** Whether an answer is on its way. */
  pending: 'start' | 'stop' | undefined
  /** Why the last press did nothing, in a sentence. */
  refusal: string | undefined
  start: (scenario: Scenario, name?: string) => Promise<void>
  stop: (id: string) => Promise<void>
}

/** Starts runs and stops them; `refused` is called when another one goes on, or may. */
export function useStarting(refused: () => void): Starting {
  const [started, setStarted] = useState<WireRun>()
  const [pending, setPending] = useState<'start' | 'stop'>()
  const [refusal, setRefusal] = useState<string>()
  return {
    ...{ started, pending, refusal },
    async start(scenario, name) {
      setPending('start')
      setRefusal(undefined)
      const sent = await startRun({ kind: 'scenario', scenario, ...(name && { name }) })
      setPending(undefined)
      if (sent.state === 'done') return setStarted(sent.value)
      setRefusal(whyNot(sent))
      refused()
    },
    async stop(id) {
      setPending('stop')
      setRefusal(undefined)
      const sent = await stopRun(id)
      setPending(undefined)
      if (sent.state !== 'done') setRefusal(whyNot(sent))
    },
  }
}
